"""What a job says of how it began and how it ended, in Korean."""

from __future__ import annotations

JOBS = {
    "Adopting {}.": "{0}을(를) 가져옵니다.",
    "Importing {} from {}; it is checked here again.": "{1}에서 {0}을(를) 가져옵니다. 여기서 다시 검사합니다.",
    "The model did not get to its closing words: {}": "모델이 마무리 말에 이르지 못했습니다: {0}",
    "The last edits did not pass their checks and were left out.{}": (
        "마지막으로 고친 것은 검사를 통과하지 못해 빼 두었습니다.{0}"
    ),
    "The app did not pass its checks, so it was not accepted.": "앱이 검사를 통과하지 못해 받아들이지 않았습니다.",
    "No app was written. The model said: {}": "앱을 만들지 못했습니다. 모델의 말: {0}",
    "Say it again in other words, or in smaller steps.": "다른 말로, 또는 더 작은 단계로 다시 말해 보세요.",
    "Mend the notebook until all its cells run from top to bottom, and take it in again. "
    "A cell whose error is meant to be seen needs the tag 'raises-exception'.": (
        "모든 셀이 처음부터 끝까지 실행되도록 노트북을 고친 뒤 다시 가져오세요. "
        "일부러 오류를 보여 주는 셀에는 'raises-exception' 태그를 붙여야 합니다."
    ),
    "Nothing was taken in. If it was refused what it asks for, import it again and allow that; "
    "to take it in as a plain notebook, faults and all, use 'microapps adopt'.": (
        "가져오지 않았습니다. 요청한 것을 거절했다면 다시 가져오면서 허용하세요. "
        "문제가 있는 그대로 보통 노트북으로 가져오려면 'microapps adopt'를 쓰세요."
    ),
    "Revision {} of {} is still current. {}": "{1}은(는) 여전히 버전 {0}입니다. {2}",
    "The draft and the conversation are kept in the history.": "초안과 대화는 기록에 남아 있습니다.",
    "The conversation is kept in the history.": "대화는 기록에 남아 있습니다.",
    "the notebook's code reaches for it": "노트북의 코드가 쓰려고 합니다",
    "its text shows these pictures, which become part of it": "글에 나오는 그림이며, 앱의 일부가 됩니다",
    "it came so in the file, and what was given elsewhere is not": (
        "파일에 그렇게 적혀 있으며, 다른 곳에서 허용한 것은 따라오지 않습니다"
    ),
    "the checks found faults": "검사에서 문제가 나왔습니다",
    "no draft passed its checks": "검사를 통과한 초안이 없습니다",
}

NOTES = {
    # which starter was taken, and what for
    "Starter {} ({} sure: {}).": "스타터 {0} ({1} 확실: {2}).",
    "From your words it took: {}.": "하신 말에서 가져온 것: {0}.",
    "It opens with example values.": "보기로 넣은 값으로 열립니다.",
    "Example values: {}.": "보기로 넣은 값: {0}.",
    "It left out: {}.": "빠진 것: {0}.",
    "Only the first {} characters were read for what is wanted.": "무엇을 원하는지는 처음 {0}자에서만 읽었습니다.",
    "Starters read no attached files: if the app takes one, upload it there.": (
        "스타터는 첨부한 파일을 읽지 않습니다. 앱이 파일을 받으면 거기에서 올리세요."
    ),
    # a notebook that was adopted
    "It was taken in as it is. Ask for a change to mend what the checks found.": (
        "있는 그대로 가져왔습니다. 검사에서 나온 것을 고치려면 바꿔 달라고 하세요."
    ),
    "Pictures that are not part of it: {}.": "앱에 들어가지 않은 그림: {0}.",
    # an app that came in a file
    "It is the very app that you have as {}.": "이미 {0}(으)로 가지고 있는 바로 그 앱입니다.",
    "The file was altered after it was exported.": "내보낸 뒤에 파일이 고쳐졌습니다.",
    "It brings no tests: what it is for was not checked.": (
        "테스트가 들어 있지 않아 제 할 일을 하는지는 검사하지 않았습니다."
    ),
    "It brought data of its own: 1 file.": "데이터 파일 1개를 가지고 왔습니다.",
    "It brought data of its own: {} files.": "데이터 파일 {0}개를 가지고 왔습니다.",
    "It was not allowed to:": "허용하지 않은 것:",
    "Its picture was left out: {}.": "그림은 뺐습니다: {0}.",
    "It says: “{}”.": "서버가 한 말: “{0}”.",
    # what an app asks to be allowed
    "The app asks to be allowed to:": "앱이 허용해 달라고 하는 것:",
    "The reason it gives: {}": "앱이 말하는 까닭: {0}",
    "Connect to {} on port {}.": "{0}의 포트 {1}에 연결합니다.",
    "Read and change {} on this computer.": "이 컴퓨터의 {0}을(를) 읽고 변경합니다.",
    "Read {} on this computer.": "이 컴퓨터의 {0}을(를) 읽습니다.",
    "Keep data that all its visitors share.": "모든 방문자가 공유하는 데이터를 보관합니다.",
    "Keep no data of its own.": "자체 데이터를 보관하지 않습니다.",
    "Ask the language model, for at most {} US dollars in all.": "언어 모델에 모두 합쳐 최대 {0}달러까지 질문합니다.",
    "Use up to {} MiB of memory.": "메모리를 최대 {0}MiB까지 사용합니다.",
    "Work for up to {} seconds at a time.": "한 번에 최대 {0}초까지 작업합니다.",
    "Run scripts of its own in the page. Such a script can find ways to send what it sees in the page to "
    "another computer, and your address with it (by WebRTC, which no page can forbid).": (
        "페이지에서 앱 자체의 스크립트를 실행합니다. 이런 스크립트는 페이지에 보이는 내용과 "
        "사용자의 주소를 다른 컴퓨터로 보낼 방법을 찾을 수 있습니다(어떤 페이지도 막을 수 없는 WebRTC를 통해)."
    ),
}
"""Sentences that stand one after the other in a note, in any order."""

REASONS = {
    "'none given'": "없음",
    "you named it": "직접 고름",
    "a formula is written in it: {}": "식이 적혀 있음: {0}",
    "it says {}": "{0}라는 말이 있음",
    "it hints at {}, like {}": "{1}처럼 {0}을(를) 말함",
    "it is like {}": "{0}와 비슷함",
    "{}; but {} is beyond starters": "{0}. 그러나 {1}은(는) 스타터으로 할 수 없음",
}
"""Why a starter was taken."""
