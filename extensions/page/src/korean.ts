/** What the page says of itself, in Korean: by the English words, with places for values. Loaded where a person reads it. */

import { needs } from './unfilled';

const NEEDED: Readonly<Record<string, string>> = {
  'a whole number': '정수여야 합니다',
  'a number': '숫자여야 합니다',
  'two numbers, such as 2-5': '2-5처럼 숫자 두 개여야 합니다',
  'among what can be chosen': '선택지 가운데 하나여야 합니다',
  'yes or no': 'yes 또는 no여야 합니다',
  'a date, such as 2026-01-31': '2026-01-31과 같은 날짜여야 합니다',
  'a time, such as 18:30': '18:30과 같은 시각이어야 합니다',
  'a date and time, such as 2026-01-31T18:30': '2026-01-31T18:30과 같은 날짜와 시각이어야 합니다',
  'a colour, such as #ff8800': '#ff8800과 같은 색이어야 합니다',
};

export const korean: Readonly<Record<string, string>> = {
  'Close': '닫기',
  'Start again': '다시 시작',
  'Start over': '처음부터 다시 시작',
  'Try again': '다시 시도',
  'Load it': '불러오기',
  'Open the full page': '전체 페이지 열기',
  'The app is still busy with what it was asked before. It is shown as soon as that is done.':
    '앱이 앞서 요청받은 작업을 아직 처리하고 있습니다. 끝나는 대로 화면이 나타납니다.',
  'The app had stopped and was started again.': '앱이 멈춰서 다시 시작했습니다.',
  'What you had entered was kept.': '입력하신 내용은 그대로 두었습니다.',
  'What you had entered was kept: %1.': '입력하신 내용은 그대로 두었습니다: %1.',
  'What you had entered was kept: %1 and %2 more.': '입력하신 내용은 그대로 두었습니다: %1 외 %2개.',
  'What you had entered was not entered again, since it may be why.':
    '입력하신 내용이 원인일 수 있어 다시 넣지 않았습니다.',
  'What the app had collected, such as entries added to a list or files that were uploaded, may be gone.':
    '목록에 추가한 항목이나 올린 파일처럼 앱이 모아 둔 내용은 사라졌을 수 있습니다.',
  'A button that you pressed meanwhile may have done nothing.': '그동안 누르신 버튼은 실행되지 않았을 수 있습니다.',
  'The app ran into an error. Its owner sees the details.':
    '앱에 오류가 발생했습니다. 자세한 내용은 앱 소유자가 확인할 수 있습니다.',
  'The connection was lost. Trying to get it back… What you enter is kept.':
    '연결이 끊겨 다시 연결하고 있습니다… 입력하신 내용은 사라지지 않습니다.',
  'Starting it again…': '다시 시작하고 있습니다…',
  'There is a newer version of this app.': '이 앱의 새 버전이 있습니다.',
  'Loading it keeps what you entered, but nothing that the app has collected.':
    '불러오면 입력하신 내용은 그대로 남지만, 앱에 모인 내용은 사라집니다.',
  'A part of this app (%1) needs the app’s full page.': '이 앱의 일부(%1)는 전체 페이지에서만 볼 수 있습니다.',

  // What stands in place of a part of the app.
  'This part of the app could not be shown. Its owner finds the reason in the browser’s console.':
    '앱의 이 부분을 표시하지 못했습니다. 앱 소유자는 브라우저 콘솔에서 이유를 확인할 수 있습니다.',
  'This part of the app is no longer there.': '앱의 이 부분은 더 이상 없습니다.',
  'This part of the app has a form that its page cannot show.': '앱의 이 부분은 이 페이지에서 표시할 수 없는 형식입니다.',
  'This part of the app needs permission to run scripts of its own in this page. Its owner can allow it: page:scripts.':
    '앱의 이 부분은 이 페이지에서 자체 스크립트를 실행할 권한이 필요합니다. 앱 소유자가 허용할 수 있습니다: page:scripts.',
  'Earlier lines are not shown.': '앞부분은 표시하지 않았습니다.',
  'A picture from another site is not shown here.': '다른 사이트의 그림은 여기에 표시되지 않습니다.',
  'A picture that did not come with the app is not shown here.': '앱과 함께 오지 않은 그림은 여기에 표시되지 않습니다.',
  'A recording from another site is not shown here.': '다른 사이트의 녹음이나 영상은 여기에 표시되지 않습니다.',
  'A recording that did not come with the app is not shown here.': '앱과 함께 오지 않은 녹음이나 영상은 여기에 표시되지 않습니다.',

  // What the site says when a visit ends (`microapps/publish/visitors`).
  'The app has stopped.': '앱이 멈췄습니다.',
  'The app could not be started.': '앱을 시작하지 못했습니다.',
  'The app ended, and this page cannot be joined to another run of it. Load it again.':
    '앱이 종료되어 이 페이지에서 이어서 쓸 수 없습니다. 페이지를 다시 불러오세요.',
  'The app ended unexpectedly.': '앱이 예기치 않게 종료되었습니다.',
  'The app worked on this for longer than it may.': '작업이 허용된 시간보다 오래 걸려 앱이 종료되었습니다.',
  'The app used more memory than it may.': '앱이 허용된 것보다 많은 메모리를 사용해 종료되었습니다.',
  'The app stored more than it may.': '앱이 허용된 것보다 많은 데이터를 저장해 종료되었습니다.',
  'The app sends more than a page can take.': '앱이 페이지가 받을 수 있는 것보다 많은 내용을 보내 종료되었습니다.',
  'The app was ended because nobody used it.': '아무도 사용하지 않아 앱이 종료되었습니다.',
  'The app was ended by its owner.': '앱 소유자가 앱을 종료했습니다.',
  'This visit is over: the site was started again, the app was changed, or its link has ended. What you entered is kept: go on with “Try again”.':
    '방문이 끝났습니다. 사이트가 다시 시작되었거나, 앱이 변경되었거나, 링크가 만료되었습니다. 입력하신 내용은 그대로 있으니 “다시 시도”를 눌러 계속하세요.',
  'The site was stopped, perhaps to be started again. What you entered is kept: go on with “Try again” in a moment.':
    '사이트가 멈췄습니다. 다시 시작되는 중일 수 있습니다. 입력하신 내용은 그대로 있으니 잠시 후 “다시 시도”를 눌러 계속하세요.',
  'This address is no longer good, so the app cannot be started again from here. Open it where you found its link.':
    '이 주소는 더 이상 쓸 수 없어 여기서 앱을 다시 시작할 수 없습니다. 링크를 받은 곳에서 다시 여세요.',
  'The site cannot be reached just now.': '지금은 사이트에 연결할 수 없습니다.',
  'What you entered is still on this page.': '입력하신 내용은 이 페이지에 그대로 있습니다.',
  'Every place is taken just now. Try again in a while.': '지금은 자리가 모두 찼습니다. 잠시 후 다시 시도하세요.',

  // What parts of widgets are called (`naming.ts`).
  'Remove %1': '%1 지우기',
  'Add a value': '값 추가',
  'minimum': '최솟값',
  'maximum': '최댓값',

  '“%1” was not added: it is no value for this field, or is there already.':
    '“%1”은(는) 추가되지 않았습니다. 이 칸에 쓸 수 없는 값이거나 이미 있는 값입니다.',
  'Commas are left out of numbers here. Write two and a half with a point: 2.5.':
    '이 페이지의 숫자 칸에서는 쉼표가 빠집니다. 소수점은 2.5처럼 점으로 쓰세요.',

  'This is a field for whole numbers: points and commas are left out.': '정수를 넣는 칸이라 소수점과 쉼표는 빠집니다.',
  '“%1” is beyond the limits here, and became %2.': '“%1” 값은 이 입력란의 범위를 벗어나 %2(으)로 바뀌었습니다.',

  // Where a form or a link leads nowhere (`staying.ts`).
  'This form was not sent: the page of an app sends nothing elsewhere.':
    '이 양식은 보내지 않았습니다. 앱 페이지는 다른 곳으로 아무것도 보내지 않습니다.',
  'The page of an app opens no other page. To open %1 in a new tab, click the link with the Ctrl key (on a Mac ⌘), or press it long.':
    '앱 페이지에서는 다른 페이지를 열지 않습니다. %1 주소를 새 탭에서 열려면 Ctrl 키(Mac은 ⌘)를 누른 채 링크를 클릭하거나, 링크를 길게 누르세요.',
  'The page of an app opens nothing else. The link says: %1': '앱 페이지에서는 다른 것을 열지 않습니다. 링크에 적힌 내용: %1',
  'This link leads to “%1”, which is no part of this app.': '이 링크가 가리키는 “%1”은(는) 이 앱에 들어 있지 않습니다.',

  // What of the address fits no control (`unfilled.ts`).
  '“%1” in the address does not fit: “%2” was not taken.': '주소에 적힌 “%1” 값(“%2”)은 이 입력란에 맞지 않아 넣지 못했습니다.',
  '“%1” in the address is beyond the limits here: “%2” became %3.':
    '주소에 적힌 “%1” 값(“%2”)이 이 입력란의 범위를 벗어나 %3(으)로 바뀌었습니다.',
  '“%1” cannot be set from the address.': '“%1” 값은 주소로 넣을 수 없습니다.',
  'The address names “%1”, and no control here is called so.': '주소에 “%1” 값이 있지만, 이 페이지에는 그런 이름의 입력란이 없습니다.',
  ...Object.fromEntries(Object.entries(NEEDED).map(([english, said]) => [needs(english), `주소에 적힌 “%1” 값(“%2”)을 넣지 못했습니다. ${said}.`])),
};
