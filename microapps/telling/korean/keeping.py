"""Errors of what is kept, in Korean: apps, revisions, notebooks, files, links and the disk below them."""

from __future__ import annotations

KEEPING = {
    # apps and their names
    "There is an app {} already.": "{0}이라는 앱이 이미 있습니다.",
    "Choose another name.": "다른 이름을 고르세요.",
    "The folder {} is there already.": "폴더 {0}이(가) 이미 있습니다.",
    "Choose another name, or move it away.": "다른 이름을 고르거나 그것을 옮기세요.",
    "The app was purged meanwhile.": "그사이에 앱이 아주 지워졌습니다.",
    "There is no app {} in the trash.": "휴지통에 {0}이라는 앱이 없습니다.",
    "There is no app number {}.": "번호가 {0}인 앱이 없습니다.",
    "There is no app {}.": "{0}이라는 앱이 없습니다.",
    "Look at the list again: it may be gone.": "목록을 다시 보세요. 없어졌을 수 있습니다.",
    "Look at the list again.": "목록을 다시 보세요.",
    "The app {} is in the trash.": "앱 {0}은(는) 휴지통에 있습니다.",
    "Bring it back with 'microapps restore {}'.": "휴지통에서 되살리세요(microapps restore {0}).",
    "The app {} (number {}) is {}.": "앱 {0}(번호 {1})의 상태: {2}.",
    "There is nothing to undo: revision {} of {} is its first.": (
        "되돌릴 것이 없습니다. {1}의 버전 {0}이(가) 첫 버전입니다."
    ),
    "There is nothing to redo: no revision of {} was made from {}.": (
        "다시 할 것이 없습니다. 버전 {1}에서 만든 {0}의 버전이 없습니다."
    ),
    "{} is no name for an app: it looks like a path.": "{0}은(는) 경로처럼 보여서 앱 이름으로 쓸 수 없습니다.",
    "Use words, like 'tip-splitter'.": "'tip-splitter'처럼 낱말로 쓰세요.",
    "{} is no name for an app.": "{0}은(는) 앱 이름으로 쓸 수 없습니다.",
    "Use at least one letter or digit.": "글자나 숫자를 하나 이상 쓰세요.",
    "The name {} is too long.": "이름 {0}이(가) 너무 깁니다.",
    "Use at most {} characters.": "{0}자까지 쓸 수 있습니다.",
    "Write at most {} characters.": "{0}자까지 쓸 수 있습니다.",
    "{} is a name that Windows keeps for itself.": "{0}은(는) Windows가 따로 쓰는 이름입니다.",
    "Choose another one.": "다른 이름을 고르세요.",
    "Neither a title nor a name was given.": "제목도 이름도 받지 못했습니다.",
    "Give what the app is to be called.": "앱을 무엇이라고 부를지 적으세요.",
    "A title has 1 to {} characters.": "제목은 1자에서 {0}자까지입니다.",
    "Give a shorter one, of some words.": "몇 낱말로 더 짧게 쓰세요.",
    "{} apps in the trash are called {}.": "휴지통에 이름이 {1}인 앱이 {0}개 있습니다.",
    "Say which one by its number.": "어느 것인지 번호로 고르세요.",
    "There is no app to serve yet.": "아직 내보낼 앱이 없습니다.",
    "Make one with 'microapps make \"…\"'.": '먼저 앱을 만드세요(microapps make "…").',
    # revisions
    "{} has no revision before {}.": "{0}에는 버전 {1}보다 앞선 버전이 없습니다.",
    "{} has no revision {}.": "{0}에는 버전 {1}이(가) 없습니다.",
    "See 'microapps history {}'.": "기록을 보세요(microapps history {0}).",
    "Name two revisions.": "버전 둘을 고르세요.",
    "{} keeps changing; it was left alone.": "{0}이(가) 계속 바뀌고 있어 그대로 두었습니다.",
    "The report is not of revision {} of {}.": "이 검사 결과는 {1}의 버전 {0}의 것이 아닙니다.",
    "Check it again.": "다시 검사하세요.",
    "{} is at revision {} by now, not at {}.": "{0}은(는) 이제 버전 {2}이(가) 아니라 버전 {1}입니다.",
    "The draft is kept: look at 'microapps history {}', and ask again.": (
        "초안은 남아 있습니다. 기록을 보고 다시 부탁하세요(microapps history {0})."
    ),
    "Load it again and edit that; your edit is kept in the history.": (
        "다시 불러와서 고치세요. 고친 것은 기록에 남아 있습니다."
    ),
    "{} is at revision {} by now, which you have not seen.": "{0}은(는) 이제 아직 보지 못한 버전 {1}입니다.",
    "Load it again, and make your edit there.": "다시 불러와서 거기에서 고치세요.",
    "Revision {} of {} stays in the history.": "{1}의 버전 {0}은(는) 기록에 남습니다.",
    "Remove the app to be rid of it.": "없애려면 앱을 지우세요.",
    "There is no file {} on this drive.": "이 드라이브에는 파일 {0}이(가) 없습니다.",
    "It holds one notebook for each app.": "여기에는 앱마다 노트북이 하나 있습니다.",
    "{} is no number of a revision.": "{0}은(는) 버전 번호가 아닙니다.",
    "Give a whole number.": "정수를 쓰세요.",
    "There is no picture of {} yet.": "{0}의 그림이 아직 없습니다.",
    "It is taken soon after a change.": "바뀌면 곧 찍습니다.",
    "{} is no content digest.": "{0}은(는) 내용의 지문이 아닙니다.",
    "{} is no month.": "{0}은(는) 달이 아닙니다.",
    "Write it like 2026-11.": "2026-11처럼 쓰세요.",
    # notebooks
    "The notebook is written in {}.": "노트북이 {0}(으)로 쓰여 있습니다.",
    "Only notebooks of Python can be adopted.": "파이썬 노트북만 들여올 수 있습니다.",
    "The notebook's format {}.{} is newer than 4.5, the newest that is understood here.": (
        "노트북의 형식 {0}.{1}은(는) 여기에서 아는 가장 새로운 4.5보다 새것입니다."
    ),
    "Upgrade microapps, or save it as format 4.5.": "microapps를 새 판으로 바꾸거나 4.5 형식으로 저장하세요.",
    "Clear its outputs in Jupyter and save it again.": "Jupyter에서 출력을 지우고 다시 저장하세요.",
    "The notebook is larger than {} MiB.": "노트북이 {0} MiB보다 큽니다.",
    "The file is JSON, but no notebook.": "파일이 JSON이지만 노트북은 아닙니다.",
    "Open it in Jupyter and save it again.": "Jupyter에서 열어 다시 저장하세요.",
    "Ask for the file to be exported again.": "파일을 다시 내보내 달라고 하세요.",
    "Name an .ipynb file.": ".ipynb 파일을 고르세요.",
    "The notebook has no list of cells.": "노트북에 셀 목록이 없습니다.",
    "The notebook has {} cells; at most {} are read.": "노트북에 셀이 {0}개인데 {1}개까지만 읽습니다.",
    "The notebook's format {} is too old.": "노트북의 형식 {0}이(가) 너무 오래되었습니다.",
    "Cell {} is no object.": "셀 {0}이(가) 객체가 아닙니다.",
    "{} is {}, not a notebook.": "{0}은(는) 노트북이 아니라 {1}입니다.",
    "Check its name and its permissions.": "이름과 권한을 확인하세요.",
    "Check its permissions.": "권한을 확인하세요.",
    "The file is not UTF-8 text (byte {}).": "파일이 UTF-8 글이 아닙니다(바이트 {0}).",
    "The file is nested too deeply to be a notebook.": "파일이 너무 깊게 겹쳐 있어 노트북일 수 없습니다.",
    "The file is not JSON: {}.": "파일이 JSON이 아닙니다: {0}.",
    "Two cells have the id {}.": "id가 {0}인 셀이 둘입니다.",
    "Give one of them another id.": "하나에 다른 id를 주세요.",
    "The notebook's {} is no whole number.": "노트북의 {0}이(가) 정수가 아닙니다.",
    "The notebook is nested too deeply.": "노트북이 너무 깊게 겹쳐 있습니다.",
    "The notebook, of format 3, cannot be upgraded: {}.": "형식 3인 노트북을 새 형식으로 바꿀 수 없습니다: {0}.",
    "The notebook is no micro-app: its metadata has no key 'microapps'.": (
        "이 노트북은 마이크로앱이 아닙니다. 메타데이터에 'microapps'가 없습니다."
    ),
    "Make it one with 'microapps adopt FILE.ipynb'.": "노트북 도구 모음의 단추로 마이크로앱으로 만드세요.",
    "The notebook's key 'microapps' is no object.": "노트북의 'microapps'가 객체가 아닙니다.",
    "The app was written by a newer microapps (schema {}; here {}).": (
        "이 앱은 더 새로운 microapps로 만들었습니다(형식 {0}, 여기는 {1})."
    ),
    "Upgrade microapps.": "microapps를 새 판으로 바꾸세요.",
    "The key {} of cell {} is no object.": "셀 {1}의 {0}이(가) 객체가 아닙니다.",
    "The key '{}.role' of cell {} is {}.": "셀 {1}의 '{0}.role'이(가) {2}입니다.",
    "It must be one of {}.": "{0} 가운데 하나여야 합니다.",
    "{} exists already; nothing was written.": "{0}이(가) 이미 있어 아무것도 쓰지 않았습니다.",
    "Choose another name, or read it first.": "다른 이름을 고르거나 먼저 읽으세요.",
    "{} was changed since it was last read; nothing was written.": (
        "{0}이(가) 마지막으로 읽은 뒤에 바뀌어 아무것도 쓰지 않았습니다."
    ),
    "Read it again first.": "먼저 다시 읽으세요.",
    "Make room on the disk and try again.": "디스크에 자리를 만들고 다시 해 보세요.",
    "Check that its folder exists and can be written.": "폴더가 있고 쓸 수 있는지 확인하세요.",
    "The notebook is not valid at {}: {}.": "노트북의 {0}이(가) 바르지 않습니다: {1}.",
    "Remove that key, or give it a value of the notebook format.": "그 키를 지우거나 형식에 맞는 값을 주세요.",
    "The notebook's key {} cannot be used: {}{}.": "노트북의 {0}을(를) 쓸 수 없습니다: {1}{2}.",
    "Mend that value.": "그 값을 고치세요.",
    "The key '{}.{}' of cell {} is not known.": "셀 {2}의 '{0}.{1}'은(는) 모르는 키입니다.",
    "Remove it.": "지우세요.",
    "{} is not as it was last read: {}": "{0}이(가) 마지막으로 읽은 것과 다릅니다: {1}",
    "{} is gone since it was last read.": "{0}이(가) 마지막으로 읽은 뒤에 없어졌습니다.",
    "Restore it, or write it as a new file.": "되살리거나 새 파일로 쓰세요.",
    # an app in a file
    "The file carries {} files of data; at most {} are taken.": (
        "파일에 데이터 파일이 {0}개 들었는데 {1}개까지만 받습니다."
    ),
    "The file carries more than {} MiB of data.": "파일에 데이터가 {0} MiB 넘게 들었습니다.",
    "Two files of the data that the file carries have one name.": "파일에 든 데이터 파일 가운데 둘의 이름이 같습니다.",
    "The file carries data under the name {}, which could lead out of the app's own folder.": (
        "파일에 든 데이터의 이름 {0}이(가) 앱의 폴더 밖을 가리킬 수 있습니다."
    ),
    "Nothing was taken in. Ask for the file to be exported without its data.": (
        "가져오지 않았습니다. 데이터 없이 내보낸 파일을 달라고 하세요."
    ),
    "The app keeps more than the {} MiB or {} files that a notebook carries.": (
        "앱이 간직한 것이 노트북에 담을 수 있는 {0} MiB나 파일 {1}개를 넘습니다."
    ),
    "Export to zip, or without its data.": "zip으로 내보내거나 데이터 없이 내보내세요.",
    "It is not written in base64.": "base64로 쓰여 있지 않습니다.",
    "An export to {} cannot carry the app's data.": "{0}(으)로 내보낼 때는 앱의 데이터를 담을 수 없습니다.",
    "Export to zip or app.": "zip이나 app으로 내보내세요.",
    "{} is there already and is another notebook.": "{0}에 이미 다른 노트북이 있습니다.",
    "{} is there already.": "{0}이(가) 이미 있습니다.",
    "Choose another name, or remove it first.": "다른 이름을 고르거나 먼저 그것을 지우세요.",
    "Choose another place.": "다른 곳을 고르세요.",
    "{} is a folder.": "{0}은(는) 폴더입니다.",
    "Name a file.": "파일을 고르세요.",
    "Check the folder and the disk.": "폴더와 디스크를 확인하세요.",
    "The app is there, but its data could not be written: {}.": "앱은 들어왔지만 데이터를 쓰지 못했습니다: {0}.",
    "Make room on the disk.": "디스크에 자리를 만드세요.",
    "Make room on the disk and try again; what there was is kept.": (
        "디스크에 자리를 만들고 다시 해 보세요. 있던 것은 그대로입니다."
    ),
    # files that are sent
    "No file was sent.": "파일을 받지 못했습니다.",
    "Send its bytes as the request's body.": "파일의 내용을 요청의 본문으로 보내세요.",
    "The file has no name that can be used.": "파일 이름을 쓸 수 없습니다.",
    "Give it another name.": "다른 이름을 지으세요.",
    "The file is larger than {}, the most that can be sent here.": "파일이 여기에 보낼 수 있는 {0}보다 큽니다.",
    "Put it in the folder that Jupyter shows, and choose it there.": (
        "Jupyter가 보여 주는 폴더에 두고 거기에서 고르세요."
    ),
    "The files that wait to be used are {} MiB together, the most that is kept here.": (
        "쓰이기를 기다리는 파일이 모두 {0} MiB로, 여기에 둘 수 있는 만큼 찼습니다."
    ),
    "Take back what you attached and have no use for, or send the request it is for.": (
        "첨부했지만 쓰지 않을 것을 빼거나, 그 파일을 쓰는 요청을 보내세요."
    ),
    "There is no such file here.": "여기에 그런 파일이 없습니다.",
    "Attach it again.": "다시 첨부하세요.",
    "The file could not be kept: {}.": "파일을 보관하지 못했습니다: {0}.",
    "There is no room for files in {}: {}.": "{0}에 파일을 둘 자리가 없습니다: {1}.",
    "Check the disk.": "디스크를 확인하세요.",
    "The file could not be read: {}.": "파일을 읽지 못했습니다: {0}.",
    "This Jupyter server keeps its files elsewhere.": "이 Jupyter 서버는 파일을 다른 곳에 둡니다.",
    "Attach the file instead.": "파일을 첨부하세요.",
    "{} is not in the folder that Jupyter shows.": "{0}은(는) Jupyter가 보여 주는 폴더에 없습니다.",
    "Choose a file there.": "그 안에서 파일을 고르세요.",
    # what an app stores
    "{} in the app's data cannot be read: {}.": "앱의 데이터에 있는 {0}을(를) 읽을 수 없습니다: {1}.",
    "Close the app and try again.": "앱을 닫고 다시 해 보세요.",
    "{} holds more than {} MB, which is more than any app may keep.": (
        "{0}에 {1} MB가 넘게 들어 있습니다. 어떤 앱도 그만큼 간직할 수 없습니다."
    ),
    "Remove what is too large, or clear the app's data.": "너무 큰 것을 지우거나 앱의 데이터를 비우세요.",
    "The app does not stop changing its data.": "앱이 데이터를 계속 바꾸고 있습니다.",
    "The disk of the app's data offers no locks: {}.": "앱의 데이터가 있는 디스크에서 잠금을 쓸 수 없습니다: {0}.",
    "The app's data could not be removed: {}.": "앱의 데이터를 지우지 못했습니다: {0}.",
    "Close the app first.": "먼저 앱을 닫으세요.",
    "{} keeps nothing for a guest {}.": "{0}에는 손님 {1}의 것이 없습니다.",
    "See 'microapps data {}'.": "데이터를 보세요(microapps data {0}).",
    # links
    "The label {}… is too long.": "이름표 {0}…이(가) 너무 깁니다.",
    "A link that has expired already opens nothing.": "이미 기한이 지난 링크로는 아무것도 열리지 않습니다.",
    "Give a time to come.": "앞으로 올 때를 고르세요.",
    "{} has {} links already.": "{0}에는 이미 링크가 {1}개 있습니다.",
    "Revoke those that are not needed.": "쓰지 않는 것을 닫으세요.",
    "{} has no link {}.": "{0}에는 링크 {1}이(가) 없습니다.",
    "See 'microapps link {}'.": "링크를 보세요(microapps link {0}).",
    "'microapps link {}' lists them by number.": "'microapps link {0}'에서 번호를 볼 수 있습니다.",
    "There is a link for {} already.": "{0}에게 준 링크가 이미 있습니다.",
    "Choose another label, or revoke that link first.": "다른 이름표를 고르거나 먼저 그 링크를 닫으세요.",
    "Only the address for anyone asks for a password.": "비밀번호는 누구나 여는 주소에만 걸 수 있습니다.",
    "A link with a secret needs none.": "비밀 링크에는 필요 없습니다.",
    "Look at its publication again.": "게시 상태를 다시 보세요.",
    "A password has {} to {} characters, and this one has {}.": "비밀번호는 {0}자에서 {1}자까지인데 {2}자입니다.",
    "A few words that do not belong together are easy to tell and hard to guess.": (
        "서로 이어지지 않는 낱말 몇 개는 알려 주기 쉽고 맞히기 어렵습니다."
    ),
    "{} is no origin.": "{0}은(는) 출처(origin)가 아닙니다.",
    "Give scheme, host and port only.": "방식, 호스트, 포트만 쓰세요.",
    # the disk and the library
    "The library's folder {} cannot be made: {}.": "보관함의 폴더 {0}을(를) 만들 수 없습니다: {1}.",
    "Check the disk, or set MICROAPPS_HOME to another folder.": (
        "디스크를 확인하거나 MICROAPPS_HOME을 다른 폴더로 정하세요."
    ),
    "Check whose file it is.": "누구의 파일인지 확인하세요.",
    "The library's lock {} cannot be opened: {}.": "보관함의 잠금 {0}을(를) 열 수 없습니다: {1}.",
    "Check its folder and the disk.": "그 폴더와 디스크를 확인하세요.",
    "The disk of the library ({}) offers no locks: {}.": "보관함이 있는 디스크({0})에서 잠금을 쓸 수 없습니다: {1}.",
    "Set MICROAPPS_HOME to a folder on a disk of this machine.": (
        "MICROAPPS_HOME을 이 컴퓨터의 디스크에 있는 폴더로 정하세요."
    ),
    "Another process has held the library ({}) for too long.": "다른 프로세스가 보관함({0})을 너무 오래 잡고 있습니다.",
    "End the microapps process that hangs, and try again.": "멈춘 microapps 프로세스를 끝내고 다시 해 보세요.",
    "{} cannot be deleted: {}.": "{0}을(를) 지울 수 없습니다: {1}.",
    "Close what uses its files, and try again.": "그 파일을 쓰는 것을 닫고 다시 해 보세요.",
    "The folder {} cannot be made: {}.": "폴더 {0}을(를) 만들 수 없습니다: {1}.",
    "Check the disk and the permissions of the folders above it.": "디스크와 위 폴더들의 권한을 확인하세요.",
    "{} cannot be written: {}.": "{0}에 쓸 수 없습니다: {1}.",
    "Nothing more can be written: {}.": "더는 쓸 수 없습니다: {0}.",
    "{} cannot be read: {}.": "{0}을(를) 읽을 수 없습니다: {1}.",
    "{} cannot be used: {}.": "{0}을(를) 쓸 수 없습니다: {1}.",
    "{}: {} cannot be used: {}.": "{0}: {1}을(를) 쓸 수 없습니다: {2}.",
    "The key {} cannot be used: {}.": "{0}을(를) 쓸 수 없습니다: {1}.",
}
"""What a person is told where something that is kept, or is to be kept, is not as it must be."""
