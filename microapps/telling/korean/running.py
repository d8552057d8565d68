"""Errors of running and publishing apps, of this machine and of the server that all of it goes through, in Korean."""

from __future__ import annotations

RUNNING = {
    "The kernel {} could not be started: {}.": "커널 {0}을(를) 시작하지 못했습니다: {1}.",
    "Install it with 'pip install ipykernel'.": "'pip install ipykernel'로 설치하세요.",
    "The kernel could not be started: {}.": "커널을 시작하지 못했습니다: {0}.",
    "Run 'microapps doctor'.": "'microapps doctor'를 실행해 보세요.",
    "The kernel did not answer: {}.": "커널이 답하지 않았습니다: {0}.",
    "'microapps doctor' says what is missing.": "'microapps doctor'가 무엇이 모자란지 알려 줍니다.",
    "'microapps doctor' shows what this machine lacks.": "'microapps doctor'가 이 컴퓨터에 모자란 것을 보여 줍니다.",
    "The app output more than it may while it started.": "앱이 시작하면서 너무 많이 출력했습니다.",
    "Show less at the start.": "시작할 때 덜 보여 주세요.",
    "Do less at the start, or allow it more time.": "시작할 때 하는 일을 줄이거나 시간을 더 주세요.",
    "Do less at the start.": "시작할 때 하는 일을 줄이세요.",
    "The app's kernel died while it started.": "앱의 커널이 시작하다가 끝났습니다.",
    "The app's process died while it started.": "앱의 프로세스가 시작하다가 끝났습니다.",
    "It may have used too much memory.": "메모리를 너무 많이 썼을 수 있습니다.",
    "The app's process said what cannot be understood.": "앱의 프로세스가 알 수 없는 것을 보냈습니다.",
    "Check the app's code.": "앱의 코드를 살펴보세요.",
    "No process could be made for a visitor: {}.": "방문자를 위한 프로세스를 만들지 못했습니다: {0}.",
    "Allow the site more open files (ulimit -n), or fewer visits at once.": (
        "열 수 있는 파일 수(ulimit -n)를 늘리거나 한 번에 오는 방문을 줄이세요."
    ),
    "Allow more open files (ulimit -n), or fewer visits at once.": (
        "열 수 있는 파일 수(ulimit -n)를 늘리거나 한 번에 오는 방문을 줄이세요."
    ),
    "The app was not ready in the time it has.": "앱이 정해진 시간 안에 준비되지 않았습니다.",
    "The app used more {} than it may while it started.": "앱이 시작하면서 한도를 넘게 썼습니다({0}).",
    "The process of {} does not answer: {}.": "{0}의 프로세스가 답하지 않습니다: {1}.",
    "The containment of {} is gone.": "{0}을(를) 가두던 것이 없어졌습니다.",
    "The containment of {} could not be made: {}.": "{0}을(를) 가둘 수 없었습니다: {1}.",
    "Start the app again.": "앱을 다시 시작하세요.",
    "Start it again.": "다시 시작하세요.",
    "Start it first.": "먼저 시작하세요.",
    "No kernel was born for {} within {} seconds.": "{1}초 안에 {0}의 커널이 생기지 않았습니다.",
    "No kernel was born for {}: {}.": "{0}의 커널이 생기지 않았습니다: {1}.",
    "Try again; 'microapps doctor' shows what this machine lacks.": (
        "다시 해 보세요. 'microapps doctor'가 이 컴퓨터에 모자란 것을 보여 줍니다."
    ),
    "Try again when the machine is less busy.": "컴퓨터가 덜 바쁠 때 다시 해 보세요.",
    "The libraries of {} were not imported within {} seconds.": "{0}의 라이브러리를 {1}초 안에 불러오지 못했습니다.",
    "A kernel of {} ended before it could listen ({}).": "{0}의 커널이 들을 수 있기 전에 끝났습니다({1}).",
    "Apps cannot be run here, because nothing would contain them ({}).": (
        "앱을 가둘 것이 없어서 여기에서는 앱을 실행할 수 없습니다({0})."
    ),
    "{} 'microapps doctor' shows what is missing.": "{0} 'microapps doctor'가 모자란 것을 보여 줍니다.",
    "Apps are contained less well on this machine than they should be: {}": (
        "이 컴퓨터에서는 앱을 마땅한 만큼 잘 가두지 못합니다: {0}"
    ),
    "Nothing on this machine would contain an app, so none is run: {}": (
        "이 컴퓨터에는 앱을 가둘 것이 없어서 실행하지 않습니다: {0}"
    ),
    "Python is installed in {}, which contains the home folder.": "파이썬이 홈 폴더를 품은 {0}에 설치되어 있습니다.",
    "Install microapps in a virtual environment in a folder of its own.": (
        "따로 둔 폴더의 가상 환경에 microapps를 설치하세요."
    ),
    "{} does not belong to you alone.": "{0}은(는) 당신만의 것이 아닙니다.",
    "Remove it and try again.": "지우고 다시 해 보세요.",
    # permissions
    "{} cannot be given to an app: microapps keeps your key and all your apps in {}.": (
        "{0}은(는) 앱에 줄 수 없습니다. microapps가 당신의 키와 모든 앱을 {1}에 둡니다."
    ),
    "Give a file or folder that lies elsewhere; copy it there first if need be.": (
        "다른 곳에 있는 파일이나 폴더를 주세요. 필요하면 먼저 그곳에 복사하세요."
    ),
    "{} cannot be given to an app: {} is the system's own.": (
        "{0}은(는) 앱에 줄 수 없습니다. {1}은(는) 시스템의 것입니다."
    ),
    "Give another file or folder.": "다른 파일이나 폴더를 주세요.",
    "{} is a link in a folder that the app may change.": "{0}은(는) 앱이 바꿀 수 있는 폴더에 있는 링크입니다.",
    "Grant the path it is meant to lead to, or remove the link.": "그것이 가리킬 경로를 허용하거나 링크를 지우세요.",
    # the browser and the site
    "There is no Chromium on this computer.": "이 컴퓨터에 Chromium이 없습니다.",
    "Install one (on Debian and Ubuntu: 'apt install chromium'), or name it in MICROAPPS_CHROMIUM.": (
        "설치하거나(Debian과 Ubuntu: 'apt install chromium') MICROAPPS_CHROMIUM에 적으세요."
    ),
    "Chromium could not show the page: {}.": "Chromium이 화면을 보여 주지 못했습니다: {0}.",
    "'microapps doctor' tries it by itself.": "'microapps doctor'로 따로 시험할 수 있습니다.",
    "The site's process ended.": "앱을 보여 주는 프로세스가 끝났습니다.",
    "The site is not running.": "앱을 보여 주는 프로세스가 돌고 있지 않습니다.",
    "The site did not start in time.": "앱을 보여 주는 프로세스가 제때 시작하지 못했습니다.",
    "The page's client is not in this installation.": "설치된 microapps에 화면에 쓸 파일이 없습니다.",
    "Install microapps from a built package.": "빌드된 microapps를 설치하세요.",
    # what goes wrong in a running app
    "The app could not be started.": "앱을 시작하지 못했습니다.",
    "The app's kernel is gone: {}.": "앱의 커널이 없어졌습니다: {0}.",
    "The app sends more than its page can take.": "앱이 화면이 받을 수 있는 것보다 많이 보냅니다.",
    "A visitor was turned away: {}.": "방문자를 받지 못했습니다: {0}.",
    "A visitor's process is gone: {}": "방문자의 프로세스가 없어졌습니다: {0}",
    "A part of the app's page did not run: the app brings scripts of its own and has no permission for it.": (
        "앱 화면의 일부가 실행되지 않았습니다. 앱에 자기 스크립트가 있지만 그 권한이 없습니다."
    ),
    "Allow it the permission 'scripts' (page:scripts), or ask for a change that does without scripts.": (
        "‘scripts’ 권한을 허용하거나 스크립트 없이 하도록 바꿔 달라고 하세요."
    ),
    "The app's page asked another site for a script and did not get it: none is loaded from there.": (
        "앱 화면이 다른 사이트에 스크립트를 요청했지만 받지 못했습니다. 여기서는 다른 곳의 것을 불러오지 않습니다."
    ),
    "Where a part of it is missing, have the app bring that script along, or do without it.": (
        "빠진 부분이 있으면 앱이 그 스크립트를 가지고 오게 하거나, 없이 하게 하세요."
    ),
    "The app worked on this for longer than it may.": "앱이 정해진 시간을 넘겨 일했습니다.",
    "The app used more memory than it may.": "앱이 메모리를 한도 넘게 썼습니다.",
    "The app stored more than it may.": "앱이 한도 넘게 저장했습니다.",
    "The app sends more than a page can take.": "앱이 화면이 받을 수 있는 것보다 많이 보냅니다.",
    "The app was ended because nobody used it.": "아무도 쓰지 않아 앱을 끝냈습니다.",
    "The app was ended by its owner.": "주인이 앱을 끝냈습니다.",
    "The app ended unexpectedly.": "앱이 뜻밖에 끝났습니다.",
    # the server
    "This needs a sign-in.": "로그인이 필요합니다.",
    "Sign in to the Jupyter server again.": "Jupyter 서버에 다시 로그인하세요.",
    "This is not allowed here.": "여기에서는 할 수 없는 일입니다.",
    "There is nothing at this address.": "이 주소에는 아무것도 없습니다.",
    "Reload the page.": "화면을 새로 고치세요.",
    "The request cannot be read.": "요청을 읽을 수 없습니다.",
    "This address takes no such method.": "이 주소에서 쓸 수 없는 방법입니다.",
    "Look at the API's description (openapi.json).": "API 설명(openapi.json)을 보세요.",
    "Look at the API's description.": "API 설명을 보세요.",
    "The request is too large.": "요청이 너무 큽니다.",
    "Send less at once; files are sent as uploads.": "한 번에 덜 보내세요. 파일은 따로 올립니다.",
    "Send less at once.": "한 번에 덜 보내세요.",
    "The address lacks {}.": "주소에 {0}이(가) 없습니다.",
    "The server ran into a fault that nobody expected.": "서버에서 뜻밖의 오류가 났습니다.",
    "Its log says more. Please report this fault.": "서버의 기록에 더 적혀 있습니다. 이 오류를 알려 주세요.",
    "The Jupyter server is stopping.": "Jupyter 서버가 멈추는 중입니다.",
    "The request's {} cannot be used: {}.": "요청의 {0}을(를) 쓸 수 없습니다: {1}.",
}
"""What a person is told where an app cannot run, or cannot be reached."""
