// Runs inside a page: finds elements, acts on them, waits for them, reads texts. script.c sends the
// whole file with every call, as the body of a function, so nothing has to survive in a document.
// C calls act, awaitReady, inspect, checkDate, noteSigns, watchSigns, noteWords, readWords and
// snapshot.

const LOAD_TIMEOUT_MS = 10000; // an image of another server may keep `load` waiting for ever
const PRESENT_WAIT = Symbol.for('etl-sigos'); // the window's property that ends its present wait
const CREDENTIAL = Symbol.for('etl-sigos credential'); // marks fields into which one was typed
const TEXT_MAX = 300, WORDS_MAX = 2000, LINES_MAX = 60, LINE_MAX = 120;

const clean = (text) => text.replace(/\s+/g, ' ').trim().slice(0, TEXT_MAX);
const onPage = () => ` (on ${clean(location.origin + location.pathname.split(';')[0])})`;

// Returns all elements of one alternative: XPath if it begins with / or (, else CSS.
const findAll = (alternative) => {
  if (!/^[(/]/.test(alternative)) return [...document.querySelectorAll(alternative)];
  const kind = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
  const found = document.evaluate(alternative, document, null, kind, null);
  return Array.from({length: found.snapshotLength}, (_, i) => found.snapshotItem(i));
};

const visible = (element) =>
  element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';

// Returns the first visible element, in the order of the alternatives, and the index of its
// alternative; -1 if there is none.
const locate = (alternatives) => {
  for (const [index, alternative] of alternatives.entries()) {
    const element = findAll(alternative).find(visible);
    if (element) return {element, index};
  }
  return {index: -1};
};
const find = (alternatives) => locate(alternatives).element;

// Whether the page has loaded. Many pages set up their menus then: a click before does nothing.
const settled = () => {
  const [page] = performance.getEntriesByType('navigation');
  if (!page) return document.readyState === 'complete';
  return page.loadEventEnd > 0 ||
    (page.domContentLoadedEventEnd > 0 && performance.now() > LOAD_TIMEOUT_MS);
};

// Resolves with what `condition` returns as soon as that is true. It is asked when the document
// changes, when the page had LOAD_TIMEOUT_MS to load, and after `againMs`. A document has one wait:
// a new one ends the old one.
const when = (condition, againMs) => new Promise((resolve, reject) => {
  const events = ['DOMContentLoaded', 'load', 'transitionend', 'animationend'];
  const later = () => setTimeout(check, 0); // loadEventEnd is set after the last handler
  const observer = new MutationObserver(() => check());
  const left = Math.max(0, LOAD_TIMEOUT_MS - performance.now());
  const timers = [left + 1, againMs ?? left + 1].map((ms) => setTimeout(() => check(), ms));
  const end = () => {
    observer.disconnect();
    timers.forEach(clearTimeout);
    events.forEach((event) => removeEventListener(event, later, true));
    if (window[PRESENT_WAIT] === end) delete window[PRESENT_WAIT];
  };
  const check = () => {
    try {
      const seen = condition();
      if (!seen) return;
      end();
      resolve(seen);
    } catch (error) {
      end();
      reject(error);
    }
  };
  window[PRESENT_WAIT]?.();
  window[PRESENT_WAIT] = end;
  observer.observe(document,
    {subtree: true, childList: true, attributes: true, characterData: true});
  events.forEach((event) => addEventListener(event, later, true));
  check();
});

const options = (select) =>
  [...select.options].map((option) => `'${option.value}' (${clean(option.text)})`).join(', ');

// Whether the page keeps people from pressing the element: by an attribute of the element, of a
// fieldset around it or of the button around it, by aria-disabled, or by the class `disabled`.
const disabled = (element) => {
  const pressed = element.closest('button, a, [role=button]') ?? element;
  return [element, pressed].some((it) =>
    it.matches(':disabled, [aria-disabled=true], a.disabled, button.disabled'));
};

// Returns why the step cannot be taken yet; undefined if it can.
const lacking = (step) => {
  if (!settled()) return 'the page has not finished loading';
  const element = find(step.at);
  if (!element) {
    const there = step.at.some((alternative) => findAll(alternative).length > 0);
    return there ? 'the element is there but not visible' : 'there is no such element';
  }
  if (step.do !== 'wait' && disabled(element)) return 'the element is disabled';
  if (step.do === 'select') {
    if (!(element instanceof HTMLSelectElement)) return 'the element is no select';
    if (![...element.options].some((option) => option.value === step.value))
      return `there is no option '${step.value}'; it offers ${options(element) || 'none'}`;
  }
};

const sendEvents = (element) => {
  for (const name of ['input', 'change']) element.dispatchEvent(new Event(name, {bubbles: true}));
};

// Sets a value by the native setter, because frameworks replace the one of the element; by that of
// the element's own window, which may be a frame.
const set = (element, value) => {
  const home = element.ownerDocument.defaultView;
  const kind = element.tagName === 'TEXTAREA' ? home.HTMLTextAreaElement : home.HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(element, value);
};
// Sets a value as if a person had typed it. Returns whether the field holds it.
const typeInto = (element, value) => {
  set(element, value);
  sendEvents(element);
  return element.value === value;
};

// Returns the date as its field takes it.
const spellDate = (element, step) => (element.type === 'date' ? step.iso : step.br);
const holdsOther = (element, value) =>
  `the field holds '${clean(element.value)}' instead of '${value}'`;

const actions = {
  wait: () => undefined,
  click: (element) => {
    element.scrollIntoView({block: 'center'});
    element.click();
  },
  fill: (element, step) => {
    if (step.origin) element[CREDENTIAL] = true; // before the value is in the field
    if (typeInto(element, step.value)) return;
    return step.origin ? 'the field does not keep what is typed' : holdsOther(element, step.value);
  },
  date: (element, step) => {
    const value = spellDate(element, step);
    if (!typeInto(element, value)) return holdsOther(element, value);
  },
  select: (element, step) => {
    element.value = step.value;
    sendEvents(element);
    if (element.value !== step.value) return `'${element.value}' stays chosen`;
  },
};

// Whether the login page is shown where another page was expected: then the element will not come.
const loggedOut = (step) => step.login && settled() && find(step.login) !== undefined;

// Takes the step if it can be taken now. Returns {done: index of the alternative}, {lacking: why}
// if a later try may succeed, {refused: why} if none will, {loggedOut: where} or
// {otherOrigin: origin}.
// A step with an origin types a credential, which no other site may get.
const act = (step) => {
  const why = lacking(step);
  if (why && loggedOut(step)) return {loggedOut: onPage()};
  if (why) return {lacking: why + onPage()};
  if (step.origin && location.origin !== step.origin) return {otherOrigin: location.origin};
  const {element, index} = locate(step.at);
  const refused = actions[step.do](element, step);
  return refused ? {refused: refused + onPage()} : {done: index};
};

// Resolves, when the page has loaded, with {lacking: why the step cannot be taken, or ''}.
const inspect = (step) => when(() => {
  if (!settled()) return null;
  const why = lacking(step);
  return {lacking: why ? why + onPage() : ''};
});

// Waits until the step can be taken, or never will because the login page is shown.
const awaitReady = (step) => when(() => !lacking(step) || loggedOut(step));

// Checks that a date is still in its field: {done} or {refused: why}. A page may change it after a
// moment, or because another field was filled in.
const checkDate = (step) => {
  const element = find(step.at);
  const value = element && spellDate(element, step);
  if (!element) return {refused: 'the field is gone' + onPage()};
  return element.value === value ? {done: true} : {refused: holdsOther(element, value) + onPage()};
};

// Returns the text of each sign, null if it is not visible. A sign is an element that means
// something when it becomes visible; one with `words` only if it has a text.
const texts = (signs) => signs.map((sign) => {
  const element = find(sign.at);
  const text = element ? clean(element.innerText ?? '') : null;
  return sign.words && !text ? null : text;
});
// Returns what is visible now, for `before` of watchSigns.
const noteSigns = (signs) => ({document: performance.timeOrigin, texts: texts(signs)});

// Returns the ms after which the page sends the browser on by itself; 0: it does not.
const redirectDelay = () => {
  const refresh = document.querySelector('meta[http-equiv="refresh" i]');
  return 1000 * Math.max(0, parseFloat(refresh?.content) || 0);
};

// Resolves with the first sign that was not visible, or had another text, when `before` was noted:
// {which: its index, text, now: the next `before`, redirectDelay}. In another document than that of
// `before` every visible sign is new, except words that have not changed, because a notice may be
// on every page. If such a document shows no sign for `graceMs`, that counts as a sign, too: its
// index is the number of signs, its text the title.
const watchSigns = (signs, before, graceMs) => {
  const same = before.document === performance.timeOrigin;
  const old = (before.texts ?? []).map((text, i) => (same || signs[i].words ? text : null));
  const another = !same && location.href !== 'about:blank' && graceMs !== undefined;
  const grace = graceMs + redirectDelay();
  const since = performance.now();
  return when(() => {
    if (!settled()) return null;
    const now = texts(signs);
    const which = now.findIndex((text, i) => text !== null && text !== (old[i] ?? null));
    now.forEach((text, i) => { if (text === null) old[i] = null; });
    const answer = (sign, text) =>
      ({which: sign, text, now: noteSigns(signs), redirectDelay: redirectDelay()});
    if (which >= 0) return answer(which, now[which]);
    return another && performance.now() - since >= grace
      ? answer(signs.length, clean(document.title)) : null;
  }, another ? grace + 1 : undefined);
};

// Fields, frames and pictures by which a page asks whether its user is a person. A badge is not
// among them: it only says that the page observes its user.
const CAPTCHA = ['iframe[src*=captcha i]', 'iframe[title*=captcha i]',
  'iframe[src*="challenges.cloudflare"]', '.g-recaptcha:not([data-size=invisible])', '.h-captcha',
  '.cf-turnstile', 'input:is([name*=captcha i], [id*=captcha i], [placeholder*=captcha i])',
  'img:is([src*=captcha i], [alt*=captcha i], [id*=captcha i], [class*=captcha i])'];
const asksForCaptcha = () => CAPTCHA.some((alternative) =>
  findAll(alternative).some((it) => visible(it) && !it.closest('.grecaptcha-badge')));

const wordsNow = () => ({
  title: clean(document.title),
  lines: (document.body?.innerText ?? '').split('\n').map(clean).filter((line) => line),
  passwords: findAll('input[type=password]').filter(visible).length,
});

// Returns what the page shows, for `before` of readWords; cut to what can be sent back.
const noteWords = () => {
  const now = wordsNow();
  return {...now, lines: now.lines.slice(0, LINES_MAX).map((line) => line.slice(0, LINE_MAX))};
};

// Returns what the page says that it did not say in `before` (of noteWords; {}: nothing was noted),
// and whether it asks for a captcha or for a new password.
const readWords = (before) => {
  const now = wordsNow();
  const old = new Set(before.lines ?? []);
  const words = now.lines.filter((line) => !old.has(line.slice(0, LINE_MAX))).join(' ');
  return {
    title: now.title === before.title ? '' : now.title,
    words: words.slice(0, WORDS_MAX),
    captcha: asksForCaptcha(),
    renewal: now.passwords >= 2 && now.passwords > (before.passwords ?? 0),
  };
};

// Returns the documents of the frames, except the ones of other origins.
const framesOf = (root) => [...root.querySelectorAll('iframe, frame')].flatMap((frame) => {
  try {
    return frame.contentDocument ? documents(frame.contentDocument) : [];
  } catch {
    return [];
  }
});
// Returns the document and those of its frames.
const documents = (root) => [root, ...framesOf(root)];

// Empties every field that is for a password or into which a credential was typed, whatever its
// type is now. Returns the number of those that held something.
const emptyCredentials = (roots) => {
  let held = 0;
  for (const field of roots.flatMap((root) => [...root.querySelectorAll('input, textarea')])) {
    if (field.type !== 'password' && !field[CREDENTIAL]) continue;
    if (field.value !== '') held++;
    set(field, '');
    if (field.hasAttribute('value')) field.setAttribute('value', '');
  }
  return held;
};

// Empties credentials, then returns the page's HTML, which is kept after a failure, and all that
// the page shows, which is searched for the password first.
const snapshot = () => {
  const roots = documents(document);
  const blanked = emptyCredentials(roots);
  const values = roots.flatMap((root) =>
    [...root.querySelectorAll('input, textarea')].map((field) => field.value));
  return {
    blanked,
    html: document.documentElement.outerHTML,
    shown: [...roots.map((root) => root.documentElement?.outerHTML ?? ''),
      ...roots.map((root) => root.documentElement?.textContent ?? ''), ...values].join('\n'),
  };
};
