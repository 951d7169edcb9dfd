// What runs inside a page. script.c sends all of it with every call, as the body of a function, so
// that nothing has to be kept alive in documents that come and go. Public: act, ready, lack, hold,
// note, watch, facade, tell, testify.

const LOAD_PATIENCE_MS = 10000; // a third party's image or font may keep `load` waiting for ever
const KEEPER = Symbol.for('etl-sigos'); // where a document keeps what ends its present wait
const CREDENTIAL = Symbol.for('etl-sigos credential'); // on fields that one was typed into
const TEXT_MAX = 300, WORDS_MAX = 2000, LINES_MAX = 60, LINE_MAX = 120;

const clean = (text) => text.replace(/\s+/g, ' ').trim().slice(0, TEXT_MAX);
const here = () => ` (on ${clean(location.origin + location.pathname.split(';')[0])})`;

// All elements of one alternative: XPath if it begins with / or (, else CSS.
const list = (way) => {
  if (!/^[(/]/.test(way)) return [...document.querySelectorAll(way)];
  const kind = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
  const found = document.evaluate(way, document, null, kind, null);
  return Array.from({length: found.snapshotLength}, (_, i) => found.snapshotItem(i));
};

const visible = (element) =>
  element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';

// The first visible element, in the order of the alternatives, and which of them found it.
const locate = (ways) => {
  for (const [way, text] of ways.entries()) {
    const element = list(text).find(visible);
    if (element) return {element, way};
  }
  return {way: -1};
};
const find = (ways) => locate(ways).element;

// Pages wire up their menus when they have loaded: a click before that does nothing.
const settled = () => {
  const [page] = performance.getEntriesByType('navigation');
  if (!page) return document.readyState === 'complete';
  return page.loadEventEnd > 0 ||
    (page.domContentLoadedEventEnd > 0 && performance.now() > LOAD_PATIENCE_MS);
};

// Resolves with what `look` returns as soon as that is true; it is asked again after `alarm` ms, too.
// One wait a document: a new one ends the old.
const when = (look, alarm) => new Promise((resolve, reject) => {
  const events = ['DOMContentLoaded', 'load', 'transitionend', 'animationend'];
  const later = () => setTimeout(check, 0); // "has loaded" becomes true after the last handler
  const observer = new MutationObserver(() => check());
  const left = Math.max(0, LOAD_PATIENCE_MS - performance.now());
  const timers = [left + 1, alarm ?? left + 1].map((ms) => setTimeout(() => check(), ms));
  const end = () => {
    observer.disconnect();
    timers.forEach(clearTimeout);
    events.forEach((event) => removeEventListener(event, later, true));
    if (window[KEEPER] === end) delete window[KEEPER];
  };
  const check = () => {
    try {
      const seen = look();
      if (!seen) return;
      end();
      resolve(seen);
    } catch (error) {
      end();
      reject(error);
    }
  };
  window[KEEPER]?.();
  window[KEEPER] = end;
  observer.observe(document,
    {subtree: true, childList: true, attributes: true, characterData: true});
  events.forEach((event) => addEventListener(event, later, true));
  check();
});

const options = (select) =>
  [...select.options].map((option) => `'${option.value}' (${clean(option.text)})`).join(', ');

// Whatever a page does to keep people from pressing it: by its own attribute, that of a fieldset
// around it or of the button that it is in, for helpers of the blind, or by the class that hides a
// link's use.
const disabled = (element) => {
  const pressed = element.closest('button, a, [role=button]') ?? element;
  return [element, pressed].some((it) =>
    it.matches(':disabled, [aria-disabled=true], a.disabled, button.disabled'));
};

// Why the step cannot be taken yet; undefined if it can.
const lacking = (step) => {
  if (!settled()) return 'the page has not finished loading';
  const element = find(step.at);
  if (!element) {
    const there = step.at.some((way) => list(way).length > 0);
    return there ? 'the element is there but not visible' : 'there is no such element';
  }
  if (step.do !== 'wait' && disabled(element)) return 'the element is disabled';
  if (step.do === 'select') {
    if (!(element instanceof HTMLSelectElement)) return 'the element is no select';
    if (![...element.options].some((option) => option.value === step.value))
      return `there is no option '${step.value}'; it offers ${options(element) || 'none'}`;
  }
};

const announce = (element) => {
  for (const name of ['input', 'change']) element.dispatchEvent(new Event(name, {bubbles: true}));
};

// By the native setter: frameworks replace the one of the element. By the element's own window's,
// if it is in a frame.
const set = (element, value) => {
  const home = element.ownerDocument.defaultView;
  const kind = element.tagName === 'TEXTAREA' ? home.HTMLTextAreaElement : home.HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(element, value);
};
const put = (element, value) => {
  set(element, value);
  announce(element);
  return element.value === value;
};

// A date in the form that its field takes.
const written = (element, step) => (element.type === 'date' ? step.iso : step.br);
const instead = (element, value) =>
  `the field holds '${clean(element.value)}' instead of '${value}'`;

const actions = {
  wait: () => undefined,
  click: (element) => {
    element.scrollIntoView({block: 'center'});
    element.click();
  },
  fill: (element, step) => {
    if (step.origin) element[CREDENTIAL] = true; // before it can be seen
    if (put(element, step.value)) return;
    return step.origin ? 'the field does not keep what is typed' : instead(element, step.value);
  },
  date: (element, step) => {
    const value = written(element, step);
    if (!put(element, value)) return instead(element, value);
  },
  select: (element, step) => {
    element.value = step.value;
    announce(element);
    if (element.value !== step.value) return `'${element.value}' stays chosen`;
  },
};

// The login page, where another page was expected: what is lacking will not come any more.
const outside = (step) => step.login && settled() && find(step.login) !== undefined;

// Takes the step if it can be taken now: {done: which alternative} | {lacking: why, perhaps later} |
// {refused: why, for good} | {outside: where} | {stranger: origin}. A step with an origin types a
// credential, which no other site may get.
const act = (step) => {
  const why = lacking(step);
  if (why && outside(step)) return {outside: here()};
  if (why) return {lacking: why + here()};
  if (step.origin && location.origin !== step.origin) return {stranger: location.origin};
  const {element, way} = locate(step.at);
  const refused = actions[step.do](element, step);
  return refused ? {refused: refused + here()} : {done: way};
};

// What is lacking now, as soon as the page has loaded: {lacking: why, or empty}.
const lack = (step) => when(() => {
  if (!settled()) return null;
  const why = lacking(step);
  return {lacking: why ? why + here() : ''};
});

const ready = (step) => when(() => !lacking(step) || outside(step));

// Whether a date still is in its field: a page may put another one there, after a moment or because
// its neighbour was filled in. {done} | {refused: why}.
const hold = (step) => {
  const element = find(step.at);
  const value = element && written(element, step);
  if (!element) return {refused: 'the field is gone' + here()};
  return element.value === value ? {done: true} : {refused: instead(element, value) + here()};
};

// Signs are elements whose becoming visible means something. The text of each, null if it is not
// visible.
const texts = (signs) => signs.map((sign) => {
  const element = find(sign.at);
  const text = element ? clean(element.innerText ?? '') : null;
  return sign.words && !text ? null : text;
});
const note = (signs) => ({document: performance.timeOrigin, texts: texts(signs)});

// How long a page says that it stays before it sends the browser on.
const onward = () => {
  const refresh = document.querySelector('meta[http-equiv="refresh" i]');
  return 1000 * Math.max(0, parseFloat(refresh?.content) || 0);
};

// Resolves with the first sign that was not there, or said something else, when `before` was noted.
// `now` is what `before` must be to go on from there. In another document than that one, all but
// the same words is new (a notice may be on every page); and if such a one shows no sign for
// `grace` ms, that is a sign, too: the number after the last, with its title.
const watch = (signs, before, patience) => {
  const same = before.document === performance.timeOrigin;
  const old = (before.texts ?? []).map((text, i) => (same || signs[i].words ? text : null));
  const another = !same && location.href !== 'about:blank' && patience !== undefined;
  const grace = patience + onward();
  const since = performance.now();
  return when(() => {
    if (!settled()) return null;
    const now = texts(signs);
    const which = now.findIndex((text, i) => text !== null && text !== (old[i] ?? null));
    now.forEach((text, i) => { if (text === null) old[i] = null; });
    const answer = (sign, text) => ({which: sign, text, now: note(signs), onward: onward()});
    if (which >= 0) return answer(which, now[which]);
    return another && performance.now() - since >= grace
      ? answer(signs.length, clean(document.title)) : null;
  }, another ? grace + 1 : undefined);
};

// Fields, frames and pictures by which a page asks who sits before it whether that is a person. A
// badge only says that it watches.
const CAPTCHA = ['iframe[src*=captcha i]', 'iframe[title*=captcha i]',
  'iframe[src*="challenges.cloudflare"]', '.g-recaptcha:not([data-size=invisible])', '.h-captcha',
  '.cf-turnstile', 'input:is([name*=captcha i], [id*=captcha i], [placeholder*=captcha i])',
  'img:is([src*=captcha i], [alt*=captcha i], [id*=captcha i], [class*=captcha i])'];
const asksForCaptcha = () => CAPTCHA.some((way) =>
  list(way).some((it) => visible(it) && !it.closest('.grecaptcha-badge')));

const facadeNow = () => ({
  title: clean(document.title),
  lines: (document.body?.innerText ?? '').split('\n').map(clean).filter((line) => line),
  passwords: list('input[type=password]').filter(visible).length,
});

// What a page looks like, for `tell`; short enough to be sent back.
const facade = () => {
  const now = facadeNow();
  return {...now, lines: now.lines.slice(0, LINES_MAX).map((line) => line.slice(0, LINE_MAX))};
};

// What the page says that it did not say in `before` (of `facade`; {}: nothing was), and what it
// asks for.
const tell = (before) => {
  const now = facadeNow();
  const old = new Set(before.lines ?? []);
  const words = now.lines.filter((line) => !old.has(line.slice(0, LINE_MAX))).join(' ');
  return {
    title: now.title === before.title ? '' : now.title,
    words: words.slice(0, WORDS_MAX),
    captcha: asksForCaptcha(),
    renewal: now.passwords >= 2 && now.passwords > (before.passwords ?? 0),
  };
};

// This document and those of its frames, as far as they may be looked into.
const documents = (root) => [root, ...[...root.querySelectorAll('iframe, frame')].flatMap((frame) => {
  try {
    return frame.contentDocument ? documents(frame.contentDocument) : [];
  } catch {
    return [];
  }
})];

// Empties every field for a password, or into which a credential was typed whatever its type is now.
// The number of those that held something.
const blank = (roots) => {
  let held = 0;
  for (const field of roots.flatMap((root) => [...root.querySelectorAll('input, textarea')])) {
    if (field.type !== 'password' && !field[CREDENTIAL]) continue;
    if (field.value !== '') held++;
    set(field, '');
    if (field.hasAttribute('value')) field.setAttribute('value', '');
  }
  return held;
};

// What is kept of a page on which something failed, and all that it shows, to be searched for what
// must not be kept.
const testify = () => {
  const roots = documents(document);
  const blanked = blank(roots);
  const values = roots.flatMap((root) =>
    [...root.querySelectorAll('input, textarea')].map((field) => field.value));
  return {
    blanked,
    html: document.documentElement.outerHTML,
    shown: [...roots.map((root) => root.documentElement?.outerHTML ?? ''),
      ...roots.map((root) => root.documentElement?.textContent ?? ''), ...values].join('\n'),
  };
};
