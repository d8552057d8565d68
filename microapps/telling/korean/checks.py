"""What the checks say, in Korean."""

from __future__ import annotations

CHECKS = {
    # behaviour
    "an adopted notebook without tests: nothing shows yet that its results are right": (
        "가져온 노트북에 테스트가 없습니다. 결과가 맞는지 보여 주는 것이 아직 없습니다"
    ),
    "Find out whether the app or the test is wrong, and mend that one.": (
        "앱과 테스트 가운데 어느 쪽이 틀렸는지 찾아 그것을 고치세요."
    ),
    "The tests cell defines no test function.": "tests 셀에 테스트 함수가 없습니다.",
    "Define functions named test_…(app) that use the app as a person would.": (
        "사람처럼 앱을 쓰는 test_…(app) 함수를 만드세요."
    ),
    "The notebook has no tests, so only running and probing it was checked.": (
        "노트북에 테스트가 없어서 실행과 조작만 검사했습니다."
    ),
    "Ask for a change such as 'add tests', or write test_…(app) functions in a tests cell.": (
        "‘테스트를 더해 줘’처럼 부탁하거나 tests 셀에 test_…(app) 함수를 쓰세요."
    ),
    "The app has no tests, so nothing shows that it does what was asked.": (
        "앱에 테스트가 없어서 부탁한 일을 하는지 알 수 없습니다."
    ),
    "Add a tests cell with functions test_…(app), one or more for each acceptance criterion.": (
        "조건마다 test_…(app) 함수를 하나 이상 둔 tests 셀을 더하세요."
    ),
    # the whole check
    "The check took longer than {} seconds and was ended.": "검사가 {0}초를 넘겨 중단했습니다.",
    "Look for an endless loop or very slow work, and do less at once.": (
        "끝나지 않는 반복이나 아주 느린 작업이 없는지 보고 한 번에 하는 일을 줄이세요."
    ),
    "the app does not run": "앱이 실행되지 않습니다",
    # probe
    "After {} a callback raised {}: {}": "{0} 뒤에 콜백에서 {1} 오류가 났습니다: {2}",
    "No exception, whatever a person enters; bad input gets a message in the app.": (
        "무엇을 입력해도 예외가 나지 않고, 잘못된 입력은 앱이 알려 줍니다."
    ),
    "Check the input before using it, and show what is wrong in the app instead of a result.": (
        "입력을 쓰기 전에 확인하고, 틀렸으면 결과 대신 무엇이 틀렸는지 앱에 보여 주세요."
    ),
    "After {} the app wrote to stderr: {}": "{0} 뒤에 앱이 stderr에 썼습니다: {1}",
    "No warning or error text, whatever a person enters.": "무엇을 입력해도 경고나 오류 글이 나오지 않습니다.",
    "Handle this input in the callback and say it in the app.": "이 입력을 콜백에서 다루고 앱에서 알려 주세요.",
    "The app did not survive {}: {}": "{0} 때 앱이 견디지 못했습니다: {1}",
    "Nothing a person can enter or click ends or hangs the app.": (
        "무엇을 입력하거나 눌러도 앱이 끝나거나 멈추지 않습니다."
    ),
    "An input of type {} has no label{}.": "{0} 입력에 이름표가 없습니다{1}.",
    "Every input says what it is for, also to a screen reader.": (
        "모든 입력은 무엇을 위한 것인지 화면 읽기 프로그램에도 알려 줍니다."
    ),
    "Give it a description, or put a Label before it in the same box.": (
        "description을 주거나 같은 상자에서 앞에 Label을 두세요."
    ),
    "Put a Label before it in the same box.": "같은 상자에서 앞에 Label을 두세요.",
    # run
    "{}; each visitor's process runs the app itself, since {}": "{0}; 앱이 방문자마다 새로 실행됨: {1}",
    "{} controls shown": "조작부 {0}개를 보임",
    "1 control shown": "조작부 1개를 보임",
    "The notebook runs from top to bottom without an error.": "노트북이 처음부터 끝까지 오류 없이 실행됩니다.",
    "An Output widget shows this error to whoever uses the app. If that is not meant, mend the line it names.": (
        "Output 위젯이 앱을 쓰는 사람에게 이 오류를 보여 줍니다. 뜻한 바가 아니라면 오류 기록에 나온 줄을 고치세요."
    ),
    "Mend the line named in the traceback.": "오류 기록에 나온 줄을 고치세요.",
    "The notebook runs from top to bottom within its limits.": "노트북이 정해진 한도 안에서 끝까지 실행됩니다.",
    "The run wrote to stderr: {}": "실행하면서 stderr에 썼습니다: {0}",
    "Avoid the deprecated or doubtful call that it names.": "거기에 나온 오래되었거나 의심스러운 호출을 피하세요.",
    "The notebook ran but shows no widget: a visitor would see a blank page.": (
        "노트북은 실행되었지만 위젯이 보이지 않습니다. 방문자에게는 빈 화면이 보입니다."
    ),
    "The last cell displays the root widget.": "마지막 셀이 뿌리 위젯을 보여 줍니다.",
    "End the ui cell with a root widget named 'app' that holds every control.": (
        "ui 셀을 모든 조작부를 담은 뿌리 위젯 'app'으로 끝내세요."
    ),
    "The browser's part of the widget library {} is not installed: visitors see an error in place of what it draws.": (
        "위젯 라이브러리 {0}의 브라우저 쪽이 설치되어 있지 않습니다. 방문자에게는 그 자리에 오류가 보입니다."
    ),
    "Everything that the app shows can be drawn in a browser.": (
        "앱이 보여 주는 모든 것을 브라우저에서 그릴 수 있습니다."
    ),
    "Use a widget that is there, or have a person install the library here with its extension for JupyterLab and start "
    "the site again.": (
        "있는 위젯을 쓰거나, 사람이 여기에 JupyterLab 확장과 함께 그 라이브러리를 설치하고 "
        "사이트를 다시 시작해야 합니다."
    ),
    # format
    "The code is not laid out as black would.": "코드 모양이 black과 다릅니다.",
    "Nothing to do by hand: the next change lays it out.": "손으로 할 일은 없습니다. 다음에 바꿀 때 정리됩니다.",
    # policy
    "{} The app has no permission for it.": "{0} 앱에는 그 권한이 없습니다.",
    "Line {} {}.": "{0}번째 줄: {1}.",
    "Use a package that is installed, or the standard library.": "설치된 패키지나 표준 라이브러리를 쓰세요.",
    "Use a package that is installed, or the standard library. {}": "설치된 패키지나 표준 라이브러리를 쓰세요. {0}",
    "A person can add {} where the app runs: 'pip install {}'.": (
        "앱이 실행되는 곳에 {0}을(를) 사람이 설치할 수 있습니다: 'pip install {1}'."
    ),
    "A person can add {} where the app runs, if its package is called so: 'pip install {}'.": (
        "앱이 실행되는 곳에 {0}을(를) 사람이 설치할 수 있습니다. 패키지 이름이 같다면: 'pip install {1}'."
    ),
    "Do without the network, or propose the permission and say why it is needed.": (
        "네트워크 없이 하거나, 왜 필요한지 밝히고 권한을 요청하세요."
    ),
    "Let the person upload the file in the app, or propose the permission and say why it is needed.": (
        "앱에서 파일을 올리게 하거나, 왜 필요한지 밝히고 권한을 요청하세요."
    ),
    "Do it in Python: an app starts no programs.": "파이썬으로 하세요. 앱은 프로그램을 실행하지 않습니다.",
    "Use a Text control: nobody can answer a prompt in a published app.": (
        "Text 조작부를 쓰세요. 게시한 앱에서는 아무도 프롬프트에 답할 수 없습니다."
    ),
    "Put the picture, style or script into the app itself: a page loads nothing from other hosts.": (
        "그림, 모양, 스크립트를 앱 안에 넣으세요. 화면은 다른 곳에서 아무것도 불러오지 않습니다."
    ),
    "Write the code out, so that it can be read and checked.": "읽고 검사할 수 있도록 코드를 풀어 쓰세요.",
    "Do without a script of the app's own, or propose the permission 'scripts' and say why.": (
        "앱의 스크립트 없이 하거나, 왜 필요한지 밝히고 'scripts' 권한을 요청하세요."
    ),
    "Of the environment an app has QUERY_STRING alone: use a control for what it needs.": (
        "앱의 환경 변수에는 QUERY_STRING만 있습니다. 알아야 할 것은 조작부로 받으세요."
    ),
    # the format's problems
    "The app names no root widget.": "앱이 뿌리 위젯을 정하지 않았습니다.",
    "Name the variable: 'app'.": "변수 이름을 'app'으로 하세요.",
    "The app has no acceptance criterion.": "앱에 조건이 없습니다.",
    "Say what it must do.": "무엇을 해야 하는지 쓰세요.",
    "No cell assigns the root widget {}.": "뿌리 위젯 {0}을(를) 만드는 셀이 없습니다.",
    "Name the variable that holds the widget to show, or leave the root empty.": (
        "보여 줄 위젯이 든 변수를 적거나 root를 비워 두세요."
    ),
    "There is no cell of the role {}.": "역할이 {0}인 셀이 없습니다.",
    "Add it: {}": "더하세요: {0}",
    "A markdown cell with the title and what the app does.": "제목과 앱이 하는 일을 적은 마크다운 셀.",
    "A code cell with the imports and constants.": "import와 상수를 둔 코드 셀.",
    "A code cell with the pure functions that the app is about.": "앱의 핵심인 순수 함수를 둔 코드 셀.",
    "A code cell with the widgets, ending in a root widget called 'app'.": (
        "위젯을 두고 뿌리 위젯 'app'으로 끝나는 코드 셀."
    ),
    "A code cell with 'display(app)'.": "'display(app)'를 둔 코드 셀.",
    "A code cell with functions 'test_…(app)'.": "'test_…(app)' 함수를 둔 코드 셀.",
    "There are {} cells of the role {}.": "역할이 {1}인 셀이 {0}개입니다.",
    "Keep one.": "하나만 남기세요.",
    "The {} cell {} comes after a {} cell.": "{0} 셀 {1}이(가) {2} 셀 뒤에 있습니다.",
    "The order is {}.": "차례는 {0}입니다.",
    "The {} cell {} is a {} cell.": "{0} 셀 {1}이(가) {2} 셀입니다.",
    "Make it a {} cell.": "{0} 셀로 바꾸세요.",
    "The tests cell {} is not tagged {}: Voila would run it.": (
        "tests 셀 {0}에 {1} 꼬리표가 없어서 Voila가 실행하게 됩니다."
    ),
    "Tag it {}.": "{0} 꼬리표를 다세요.",
    "No {} cell {} the root widget {}.": "{0} 셀이 뿌리 위젯 {2}을(를) {1} 않습니다.",
    "End it with '{} = VBox([…])' or another widget.": "'{0} = VBox([…])'나 다른 위젯으로 끝내세요.",
    "It is one line: 'display({})'.": "한 줄이면 됩니다: 'display({0})'.",
    "Two criteria have the id {}.": "id가 {0}인 조건이 둘입니다.",
    "Give one another id.": "하나에 다른 id를 주세요.",
    "No test shows the criterion {}: {}": "조건 {0}을(를) 보여 주는 테스트가 없습니다: {1}",
    "Name the tests that do.": "보여 주는 테스트를 적으세요.",
    "The test {} serves no criterion.": "테스트 {0}에 이어진 조건이 없습니다.",
    "Add it to the criterion that it shows, or remove it.": "보여 주는 조건에 더하거나 지우세요.",
    "Cell {} is nested too deeply.": "셀 {0}이(가) 너무 깊게 겹쳐 있습니다.",
    "Write it more plainly.": "더 단순하게 쓰세요.",
    "Cell {}, line {} is not valid Python ({}){}": "셀 {0}의 {1}번째 줄은 바른 파이썬이 아닙니다 ({2}){3}",
    "Cell {} is not valid Python ({}){}": "셀 {0}은(는) 바른 파이썬이 아닙니다 ({1}){2}",
    "Mend it.": "고치세요.",
    "The {} cell is empty.": "{0} 셀이 비어 있습니다.",
    "The code cell {} has no role.": "코드 셀 {0}에 역할이 없습니다.",
    "Give it one of {}, or join it to a cell that has one.": ("{0} 가운데 하나를 주거나 역할이 있는 셀에 합치세요."),
    "Two tests are called {} (line {}): the first would never run.": (
        "이름이 {0}인 테스트가 둘입니다({1}번째 줄). 앞의 것은 실행되지 않습니다."
    ),
    "Rename one of them.": "하나의 이름을 바꾸세요.",
    "The test {} (line {}) does not take the app.": "테스트 {0}({1}번째 줄)이(가) app을 받지 않습니다.",
    "Write 'def {}(app):'.": "'def {0}(app):'라고 쓰세요.",
    "The criterion {} names the test {}, which does not exist.": "조건 {0}에 적힌 테스트 {1}이(가) 없습니다.",
    "The tests are: {}.": "있는 테스트: {0}.",
    # a kernel that ends
    "Print and show less, and look for a loop that prints.": ("출력을 줄이고, 반복하면서 출력하는 곳이 없는지 보세요."),
    "The app's kernel was killed{}: out of memory, or beyond another limit.": (
        "메모리가 모자라거나 다른 한도를 넘어 앱의 커널을 끝냈습니다{0}."
    ),
    "Use less memory and start no further processes.": "메모리를 덜 쓰고 다른 프로세스를 띄우지 마세요.",
    "The app's kernel ended{}.": "앱의 커널이 끝났습니다{0}.",
    "An app must not end its own process (sys.exit, os._exit, quit) or crash it.": (
        "앱은 자기 프로세스를 끝내거나(sys.exit, os._exit, quit) 망가뜨리면 안 됩니다."
    ),
    "Look for an endless loop or a wait that never ends, or do less work in one step.": (
        "끝나지 않는 반복이나 기다림이 없는지 보거나 한 번에 하는 일을 줄이세요."
    ),
    "Cell '{}'{} raised {}: {}": "셀 '{0}'{1}에서 {2} 오류가 났습니다: {3}",
}

LOOSE = {
    "{} tokens, ${}": "토큰 {0}개, ${1}",
    "{} tokens": "토큰 {0}개",
    "{} brought more output than the limit of {}.": "출력이 한도 {1}를 넘었습니다 ({0}).",
    "{} took longer than {} seconds.": "{1}초를 넘겼습니다 ({0}).",
    "{} failed: {}": "테스트 {0} 실패: {1}",
    "{} on {} and {}; {} not tried": "{1}와 {2}에 {0}, {3}는 시험하지 않음",
    "{} on {} and {}": "{1}와 {2}에 {0}",
}
"""Sentences with few words of their own, which are looked for last."""

PHRASES = {
    "opening the app": "앱을 여는 것",
    "opening {}": "{0} 열기",
    "clicking {}": "{0} 누르기",
    "setting {} to {}": "{0}에 {1} 넣기",
    "running cell {}": "셀 {0} 실행",
    ", line {}": "의 {0}번째 줄",
    " with status {} while {}": " (상태 {0}, {1})",
    " with status {}": " (상태 {0})",
    " while {}": " ({0})",
    " (in {})": " ({0} 안)",
    # why each visitor's process runs the app itself
    "{}; {}": "{0}; {1}",
    "it reads the address it was opened at": "열린 주소를 읽음",
    "chance decides what it does while it starts": "시작할 때 하는 일이 우연에 달림",
    "it looks at the clock while it starts": "시작할 때 시계를 봄",
    "it uses its data, which can change, while it starts": "바뀔 수 있는 자기 데이터를 시작할 때 씀",
    "it asks the model while it starts": "시작할 때 모델에 물음",
    "it reaches the network while it starts": "시작할 때 네트워크에 연결함",
    "after its first run it has {}": "처음 실행한 뒤 남은 것이 있음({0})",
    "a thread running ({})": "도는 스레드 {0}",
    "other processes running": "도는 다른 프로세스",
    "files or connections open ({})": "열린 파일이나 연결 {0}",
    "memory that all its forks would share": "복제된 프로세스가 함께 쓰게 될 메모리",
    "its event loop watching files": "이벤트 루프가 지켜보는 파일",
    "temporary files ({})": "임시 파일 {0}",
    "assigns": "만들지",
    "displays": "보여 주지",
    "none": "없음",
    "{} action": "{0}번 조작",
    "{} actions": "{0}번 조작",
    "{} input": "입력 {0}개",
    "{} inputs": "입력 {0}개",
    "{} control": "조작부 {0}개",
    "{} controls": "조작부 {0}개",
    "{} button": "버튼 {0}개",
    "{} buttons": "버튼 {0}개",
    # what a line of the code does
    "uses the package {}, which is not installed": "설치되지 않은 패키지 {0} 사용",
    "uses the package {}": "패키지 {0} 사용",
    "connects to {} on port {}": "{0}의 {1}번 포트에 연결",
    "connects to a host that only the running code knows": "실행해야 알 수 있는 곳에 연결",
    "connects to {}": "{0}에 연결",
    "writes the file {}": "파일 {0} 쓰기",
    "reads the file {}": "파일 {0} 읽기",
    "writes a file that only the running code knows": "실행해야 알 수 있는 파일 쓰기",
    "reads a file that only the running code knows": "실행해야 알 수 있는 파일 읽기",
    "runs the command {}": "명령 {0} 실행",
    "runs a command that only the running code knows": "실행해야 알 수 있는 명령 실행",
    "uses {}, so that reading the code does not tell all that it does": (
        "{0} 사용 (코드를 읽어서는 하는 일을 다 알 수 없음)"
    ),
    "reads the environment variable {}": "환경 변수 {0} 읽기",
    "reads the environment variables": "환경 변수 읽기",
    "works in the background with {}": "{0}(으)로 뒤에서 작업",
    "runs a script in the browser: {}": "브라우저에서 스크립트 실행: {0}",
    "makes the browser load something from a host that only the running code knows": (
        "브라우저가 실행해야 알 수 있는 곳에서 불러오게 함"
    ),
    "makes the browser load something from {}": "브라우저가 {0}에서 불러오게 함",
    "waits for the keyboard with {}, which an app does not have": "앱에 없는 키보드 입력을 {0}(으)로 기다림",
    "cannot be read as Python: {}": "파이썬으로 읽을 수 없음: {0}",
    "text that looks like HTML": "HTML처럼 보이는 글",
}
"""Parts of sentences, where they stand in a hole of one."""
