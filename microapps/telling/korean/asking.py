"""Errors on the way to an app, in Korean: the model's endpoint, the key, settings, starters, what a job may cost."""

from __future__ import annotations

ASKING = {
    # the endpoint
    "The model's endpoint is overloaded.": "모델 서버가 지금 너무 바쁩니다.",
    "Try again in a few minutes.": "몇 분 뒤에 다시 해 보세요.",
    "The model's endpoint takes no more requests for now.": "모델 서버가 지금은 요청을 더 받지 않습니다.",
    "The model's endpoint has an internal error.": "모델 서버 안에서 오류가 났습니다.",
    "The model's endpoint could not be reached.": "모델 서버에 연결할 수 없습니다.",
    "Look at the network and at the setting 'base_url' (microapps doctor).": (
        "네트워크와 'base_url' 설정을 살펴보세요(microapps doctor)."
    ),
    "The model's endpoint did not answer in time.": "모델 서버가 제때 답하지 않았습니다.",
    "The connection to the model was lost in the middle.": "도중에 모델과의 연결이 끊겼습니다.",
    "The model's endpoint sent something that is not of the Messages API.": (
        "모델 서버가 Messages API의 답이 아닌 것을 보냈습니다."
    ),
    "Look at the setting 'base_url'; a proxy or a sign-in page may be answering.": (
        "'base_url' 설정을 살펴보세요. 프록시나 로그인 화면이 대신 답하고 있을 수 있습니다."
    ),
    "The model's endpoint does not accept the key.": "모델 서버가 이 키를 받지 않습니다.",
    "Set a valid one, in JupyterLab's panel or with 'microapps config key'.": (
        "JupyterLab의 패널이나 'microapps config key'로 맞는 키를 넣으세요."
    ),
    "The account has no credit left or reached its spending limit.": (
        "계정에 남은 돈이 없거나 쓸 수 있는 한도에 이르렀습니다."
    ),
    "Top it up, or raise the limit.": "돈을 채우거나 한도를 올리세요.",
    "The key may not do this.": "이 키로는 할 수 없는 일입니다.",
    "Use another key, or another model.": "다른 키나 다른 모델을 쓰세요.",
    "The model's endpoint rejected the request.": "모델 서버가 요청을 거절했습니다.",
    "Look at the settings 'model' and 'base_url'.": "'model'과 'base_url' 설정을 살펴보세요.",
    "The model's endpoint does not know this model or address.": "모델 서버가 이 모델이나 주소를 모릅니다.",
    "Look at the settings 'model' and 'base_url' (microapps doctor).": (
        "'model'과 'base_url' 설정을 살펴보세요(microapps doctor)."
    ),
    "The request is too large for the endpoint.": "요청이 모델 서버가 받기에는 너무 큽니다.",
    "Start from a fork, or attach less.": "복제본에서 시작하거나 덜 첨부하세요.",
    "The setting 'base_url' is no web address.": "'base_url' 설정이 웹 주소가 아닙니다.",
    "It begins with https:// or http://.": "https://나 http://로 시작해야 합니다.",
    "The model's endpoint turned this account away.": "모델 서버가 이 계정을 받지 않습니다.",
    "Ask whoever runs the account.": "계정을 맡은 사람에게 물어보세요.",
    "The model did not finish within {} seconds.": "모델이 {0}초 안에 끝내지 못했습니다.",
    "Try again, or take a faster model (--speed fast).": "다시 하거나 더 빠른 모델을 고르세요.",
    "The model declined this request. {}": "모델이 이 요청을 거절했습니다. {0}",
    "The model's answer ended without an end.": "모델의 답이 끝맺지 않고 끊겼습니다.",
    "The model's answer ended without a turn.": "모델의 답이 내용 없이 끝났습니다.",
    "The endpoint did not answer within {} seconds.": "모델 서버가 {0}초 안에 답하지 않았습니다.",
    "It may be loading its model, or be overloaded: try again.": (
        "모델을 불러오는 중이거나 바쁠 수 있습니다. 다시 해 보세요."
    ),
    "The endpoint gave no answer.": "모델 서버가 답하지 않았습니다.",
    "There is no key yet.": "아직 키가 없습니다.",
    "Add one first.": "먼저 키를 넣으세요.",
    "{} answered.": "{0}이(가) 답했습니다.",
    "It makes one call of a few hundred tokens, which costs a small fraction of a cent.": (
        "토큰 몇백 개짜리 요청을 한 번 보냅니다. 1센트의 일부밖에 들지 않습니다."
    ),
    "The model's endpoint lists no models, and none is named.": "모델 서버에 모델 목록이 없고 정해 둔 모델도 없습니다.",
    "Name one: microapps config set model ID.": "하나를 정하세요(microapps config set model ID).",
    "The model declined this request.": "모델이 이 요청을 거절했습니다.",
    "Say what the app is for in other words, or take another model.": (
        "앱을 어디에 쓸지 다른 말로 쓰거나 다른 모델을 고르세요."
    ),
    "Ask for a smaller app, or for one part of it at a time.": "더 작은 앱을, 또는 한 번에 한 부분씩 부탁하세요.",
    "Try again; if it stays so, look at the setting 'base_url', and take another model.": (
        "다시 해 보세요. 그래도 그러면 'base_url' 설정을 살펴보고 다른 모델을 고르세요."
    ),
    "The conversation no longer fits the model.": "대화가 모델이 받을 수 있는 길이를 넘었습니다.",
    "Take a larger model.": "더 큰 모델을 고르세요.",
    "The model's answer was cut because it was too long.": "모델의 답이 너무 길어서 잘렸습니다.",
    "The model's answer ended for an unexpected reason: {}.": "모델의 답이 뜻밖의 까닭으로 끝났습니다: {0}.",
    "The model's call of the tool {} is not whole.": "모델이 도구 {0}을(를) 부르다 말았습니다.",
    "The model's input for the tool {} is no valid JSON: {}.": "모델이 도구 {0}에 준 것이 바른 JSON이 아닙니다: {1}.",
    "Two tool calls of one answer have the same id.": "한 답에 든 도구 호출 둘의 id가 같습니다.",
    "The answer ended with a tool call that is not in it.": "답이 그 안에 없는 도구 호출로 끝났습니다.",
    "The endpoint answered with something that is not of the Messages API.": (
        "모델 서버가 Messages API의 답이 아닌 것으로 답했습니다."
    ),
    "The endpoint sent an event that is not of the Messages API.": (
        "모델 서버가 Messages API의 것이 아닌 이벤트를 보냈습니다."
    ),
    "The endpoint sent an event without an index.": "모델 서버가 차례 번호 없는 이벤트를 보냈습니다.",
    "The endpoint began its answer twice.": "모델 서버가 답을 두 번 시작했습니다.",
    "The endpoint opened block {} twice.": "모델 서버가 블록 {0}을(를) 두 번 열었습니다.",
    "The endpoint closed block {}, which is not open.": "모델 서버가 열리지 않은 블록 {0}을(를) 닫았습니다.",
    "The endpoint wrote to block {}, which is not open.": "모델 서버가 열리지 않은 블록 {0}에 썼습니다.",
    "The endpoint ended its answer inside a block.": "모델 서버가 블록 안에서 답을 끝냈습니다.",
    "The endpoint went on after the end of its answer.": "모델 서버가 답이 끝난 뒤에도 계속 보냈습니다.",
    "The endpoint's answer began with {}.": "모델 서버의 답이 {0}(으)로 시작했습니다.",
    "The endpoint's answer ended in the middle.": "모델 서버의 답이 도중에 끝났습니다.",
    # a job's course
    "The model answered {} times without finishing.": "모델이 {0}번 답하고도 끝내지 못했습니다.",
    "Ask for less at once, or take a better model (--speed best).": "한 번에 덜 부탁하거나 더 좋은 모델을 고르세요.",
    "The money for this {} (${}) is used up.": "이번 {0}에 정한 돈(${1})을 다 썼습니다.",
    "Try again.": "다시 해 보세요.",
    "The model keeps calling its tools wrongly.": "모델이 도구를 자꾸 잘못 부릅니다.",
    "Take a better model (--speed best).": "더 좋은 모델을 고르세요.",
    "The job was stopped.": "작업을 멈췄습니다.",
    "The job was stopped before it began.": "작업이 시작되기 전에 멈췄습니다.",
    "Start it again when you like.": "원할 때 다시 시작하세요.",
    "What was written so far is kept.": "지금까지 쓴 것은 남아 있습니다.",
    "The job took longer than {} seconds.": "작업이 {0}초를 넘겼습니다.",
    "Ask for less at once, or allow more time (--deadline).": "한 번에 덜 부탁하거나 시간을 더 주세요.",
    "The money left did not suffice for the model's answer.": "남은 돈이 모델의 답에 모자랐습니다.",
    "Allow more, or take a faster model.": "한도를 올리거나 더 빠른 모델을 고르세요.",
    "The model wrote the same failing draft three times.": "모델이 통과하지 못하는 같은 초안을 세 번 썼습니다.",
    "Say the request in other words.": "다른 말로 부탁해 보세요.",
    "The same fault came back three times.": "같은 문제가 세 번 되풀이되었습니다.",
    "Say the request in other words, or take a better model.": "다른 말로 부탁하거나 더 좋은 모델을 고르세요.",
    "The app still fails its checks after {}.": "{0} 뒤에도 앱이 검사를 통과하지 못합니다.",
    "The job ended in an unexpected fault: {}: {}.": "작업이 뜻밖의 오류로 끝났습니다: {0}: {1}.",
    "What was current before is still current. Please report this fault.": (
        "전 버전은 그대로입니다. 이 오류를 알려 주세요."
    ),
    "The job {} has no open question {}.": "작업 {0}에는 답을 기다리는 질문 {1}이(가) 없습니다.",
    "It was answered or has ended.": "이미 답했거나 끝났습니다.",
    "There is no job {} here.": "여기에는 작업 {0}이(가) 없습니다.",
    "There is no job {}.": "작업 {0}이(가) 없습니다.",
    "It may have run in another process.": "다른 프로세스에서 한 일일 수 있습니다.",
    "The request is empty.": "무엇이 필요한지 쓰지 않았습니다.",
    "Say in a sentence what the app should do.": "앱이 할 일을 한 문장으로 쓰세요.",
    "Changing {} needs a model, and no key for one is set.": "{0}을(를) 바꾸려면 모델이 필요한데 키가 없습니다.",
    "Add a key, in JupyterLab's panel or with 'microapps config key', or edit the notebook in Jupyter: {}.": (
        "JupyterLab의 패널이나 'microapps config key'로 키를 넣거나, Jupyter에서 노트북을 손으로 고치세요: {0}."
    ),
    "There can be 2 to {} answers to one request, not {}.": "한 요청에 답은 2개에서 {0}개까지이고 {1}개는 안 됩니다.",
    "Several answers to one request need a model.": "한 요청에 여러 답을 받으려면 모델이 필요합니다.",
    "Add a key first.": "먼저 키를 넣으세요.",
    "That answer made no app that could be kept.": "그 답에서는 남길 앱이 나오지 않았습니다.",
    "Keep another.": "다른 답을 고르세요.",
    "Another answer was kept, and this one put in the trash.": "다른 답을 골라서 이 답은 휴지통에 있습니다.",
    "Restore it from there.": "휴지통에서 되살리세요.",
    "There are no such answers here.": "여기에는 그런 답이 없습니다.",
    "They may be of another server.": "다른 서버의 것일 수 있습니다.",
    "Which app is to {}?": "어떤 앱에 할 일인가요? ({0})",
    "Name it in 'app'.": "'app'에 이름을 적으세요.",
    "A repair needs the failure that it is to mend.": "고치려면 어떤 오류인지 알아야 합니다.",
    "Ask for a change instead.": "바꿔 달라고 부탁하세요.",
    "An import needs one file.": "가져오려면 파일이 하나 있어야 합니다.",
    "Name it in 'path', or send it and name the upload.": "'path'에 적거나 파일을 올려 그것을 적으세요.",
    # attached data
    "There is no file {}.": "파일 {0}이(가) 없습니다.",
    "Look at its name.": "이름을 확인하세요.",
    "Check the path.": "경로를 확인하세요.",
    "Check the name and the folder.": "이름과 폴더를 확인하세요.",
    "{} is of a kind that is not read as data.": "{0}은(는) 데이터로 읽지 않는 종류의 파일입니다.",
    "Known are: {}.": "읽을 수 있는 것: {0}.",
    "{} is larger than {} MiB.": "{0}이(가) {1} MiB보다 큽니다.",
    "Save it as CSV, or a part of it.": "CSV로 저장하거나 일부만 저장하세요.",
    "{} needs the package {}, which is not installed.": "{0}에는 설치되지 않은 패키지 {1}이(가) 필요합니다.",
    "Save the file as CSV, or install that package.": "CSV로 저장하거나 그 패키지를 설치하세요.",
    "{} cannot be read as {}: {}": "{0}을(를) {1}(으)로 읽을 수 없습니다: {2}",
    "Look at the file.": "파일을 살펴보세요.",
    # the key and the settings
    "The key's file {} is empty.": "키 파일 {0}이(가) 비어 있습니다.",
    "Set a key, in JupyterLab's panel or with 'microapps config key'.": (
        "JupyterLab의 패널이나 'microapps config key'로 키를 넣으세요."
    ),
    "That is no key.": "키가 아닙니다.",
    "Copy it whole, without blanks; it usually begins with 'sk-'.": (
        "빈칸 없이 통째로 복사하세요. 보통 'sk-'로 시작합니다."
    ),
    "The key's file {} can be read by others.": "키 파일 {0}을(를) 다른 사람이 읽을 수 있습니다.",
    "The key's file {} cannot be read.": "키 파일 {0}을(를) 읽을 수 없습니다.",
    "Run: chmod 600 {}": "이 명령을 실행하세요: chmod 600 {0}",
    "The keyring did not remove the key.": "키 보관함에서 키를 지우지 못했습니다.",
    "Remove it there by hand.": "그곳에서 손으로 지우세요.",
    "the environment variable {}": "환경 변수 {0}",
    "the system's keyring": "시스템의 키 보관함",
    "the file /{}": "파일 /{0}",
    "There is no setting {}.": "{0}이라는 설정은 없습니다.",
    "There are: {}.": "있는 것: {0}.",
    "Mend or remove that file.": "그 파일을 고치거나 지우세요.",
    "{} is not valid TOML: {}.": "{0}은(는) 바른 TOML이 아닙니다: {1}.",
    "{} could not be written: {}.": "{0}에 쓸 수 없습니다: {1}.",
    "Free some space there.": "디스크에 자리를 만드세요.",
    "A preference is empty or too long.": "적어 둘 취향이 비었거나 너무 깁니다.",
    "Say it in a sentence of at most {} characters.": "{0}자 안의 한 문장으로 쓰세요.",
    "There is no preference {}.": "취향 {0}이(가) 없습니다.",
    # starters
    "No starter can do {} without a model. {}": "모델 없이 {0}을(를) 할 수 있는 스타터가 없습니다. {1}",
    "The nearest are: {}.": "가장 가까운 것: {0}.",
    "'microapps make --starter {}' takes one all the same.": "그래도 쓰려면 'microapps make --starter {0}'라고 하세요.",
    "For anything else add a model key, in JupyterLab's panel or with 'microapps config key'.": (
        "다른 것을 하려면 JupyterLab의 패널이나 'microapps config key'로 모델의 키를 넣으세요."
    ),
    "The calculator knows no recipe {}.": "계산기에 {0}이라는 식이 없습니다.",
    "It knows {}.": "있는 것: {0}.",
    "There is no formula in the description.": "설명에 식이 없습니다.",
    "Write one like 'area = width * height'.": "'넓이 = 가로 * 세로'처럼 쓰세요.",
    "Write one like 'width * height'.": "'가로 * 세로'처럼 쓰세요.",
    "The starters are missing from this installation.": "설치된 microapps에 스타터가 없습니다.",
    "Install microapps again.": "microapps를 다시 설치하세요.",
    "There is no starter {}.": "{0}이라는 스타터는 없습니다.",
    "There are {}.": "있는 것: {0}.",
    "The formula is too long.": "식이 너무 깁니다.",
    "Split it into several.": "여럿으로 나누세요.",
    "{} is no formula.": "{0}은(는) 식이 아닙니다.",
    "A formula holds numbers, not true or false.": "식에는 참과 거짓이 아니라 수가 들어갑니다.",
    "Write it with numbers.": "수로 쓰세요.",
    "A formula cannot hold {}.": "식에 {0}은(는) 쓸 수 없습니다.",
    "No formula.": "식이 아닙니다.",
    "Use numbers, names, + - * / ** % and {}.": "수, 이름, + - * / ** %와 {0}만 쓰세요.",
    "A number in the formula is too large.": "식에 너무 큰 수가 있습니다.",
    "Write a smaller one.": "더 작은 수를 쓰세요.",
    "The value of {} is no literal: {}.": "{0}의 값이 상수가 아닙니다: {1}.",
}
"""What a person is told where a request cannot be taken up, or where its job ends without an app."""
