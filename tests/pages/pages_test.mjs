// The pages in a browser, as a person meets them: on a desk and on a phone, in the light and in the dark, with a keyboard, on
// paper, without script. tests/pages/run starts it.
//
//     node pages_test.mjs AXE PAGES LOGIN REPORT [PART OF A TEST'S NAME]
import { readFileSync, writeFileSync } from 'node:fs';
import { Browser } from './browser.mjs';
import * as probes from './probes.mjs';

const [axe, pages, login, report, part = ''] = process.argv.slice(2);
const AXE = readFileSync(axe, 'utf8');
const NAMES = ['hoje', 'produtividade', 'qualidade', 'receita', 'territorio', 'auditoria', 'pipeline'];
const WIDE = 1280, PHONE = 390;
// What a browser shows of 1280 px when it is told to zoom: 200 % and 400 %.
const ZOOMED = [640, 320];
const counts = { passed: 0, failed: 0, views: 0, axe: 0, charts: 0, stops: 0 };

async function test(name, body) {
    if (!name.includes(part)) return;
    let faults;
    try {
        faults = await body();
    } catch (error) {
        faults = [error.stack];
    }
    counts[faults.length ? 'failed' : 'passed']++;
    console.log(`${faults.length ? 'not ok' : 'ok'} - ${name}`);
    for (const fault of new Set(faults)) console.log(`    ${fault}`);
}

// What a page asked for beyond its server, and what the console says. That a page is missing is said for pages that are.
function complaints(tab, origin, url) {
    return [
        ...tab.requests.filter((asked) => !asked.startsWith(origin) && !asked.startsWith('data:')).map((asked) => `asks for ${asked}`),
        ...tab.complaints.filter((words) => !(words.includes('Failed to load resource') && words.endsWith(url))).map((words) => `console: ${words}`),
    ];
}

async function axeFaults(tab) {
    await tab.send('Runtime.evaluate', { expression: AXE });
    const { passes, faults } = await tab.run(probes.axe);
    counts.axe++;
    return passes > 5 ? faults : [...faults, `axe looked at nothing (${passes} rules passed)`];
}

// One page at one width in one theme.
async function view(tab, url, origin, { width, dark }) {
    counts.views++;
    await tab.look({ width, dark });
    await tab.open(url);
    const drawn = await tab.run(probes.charts);
    counts.charts += drawn.count;
    const folded = await tab.run(probes.overflow, width === WIDE);
    const touch = width === PHONE ? await tab.run(probes.targets) : [];
    const said = complaints(tab, origin, url);
    await tab.run(probes.unfold);
    return [...drawn.faults, ...folded, ...touch, ...said, ...(await tab.run(probes.overflow, width === WIDE)), ...(await axeFaults(tab))];
}

async function views(tab, url, origin) {
    const faults = [];
    for (const width of [WIDE, PHONE])
        for (const dark of [false, true]) {
            const found = await view(tab, url, origin, { width, dark });
            faults.push(...found.map((fault) => `${width} px, ${dark ? 'dark' : 'light'}: ${fault}`));
        }
    return faults;
}

async function zoomed(tab, url) {
    const faults = [];
    for (const width of ZOOMED) {
        await tab.look({ width });
        await tab.open(url);
        await tab.run(probes.unfold);
        faults.push(...(await tab.run(probes.overflow, false)).map((fault) => `${width} px: ${fault}`));
    }
    return faults;
}

// Tab goes through the page: the first stop is the skip link, each is seen and ringed, and the last leaves the page.
async function keyboard(tab, url) {
    await tab.look({ width: WIDE });
    await tab.open(url);
    const faults = [];
    let stop = null;
    for (let count = 0; count < 600; count++) {
        await tab.press('Tab');
        const next = await tab.run(probes.focus);
        if (next.body) return faults; // the browser's own bar
        stop = next;
        counts.stops++;
        if (count === 0 && !stop.skip) faults.push(`the first stop is ${stop.name}`);
        if (!stop.ring) faults.push(`no ring: ${stop.name}`);
        if (!stop.seen) faults.push(`out of sight: ${stop.name}`);
    }
    return [...faults, `600 stops and no end; the last is ${stop.name}`];
}

async function skips(tab, url) {
    await tab.look({ width: WIDE });
    await tab.open(url);
    await tab.press('Tab');
    await tab.press('Enter');
    await tab.press('Tab');
    const inside = await tab.run(() => document.activeElement.closest('main') !== null);
    return inside ? [] : ['the skip link leads not into the content'];
}

async function withoutScript(tab, url) {
    const faults = [];
    for (const width of [WIDE, PHONE]) {
        await tab.look({ width });
        await tab.open(url);
        const before = await tab.run(probes.figures);
        await tab.send('Emulation.setScriptExecutionDisabled', { value: true });
        await tab.open(url);
        const after = await tab.run(probes.figures);
        const reachable = await tab.run(() => {
            const form = document.querySelector('form.filtros');
            return !form || form.checkVisibility() || document.querySelector('details.dobra > summary').checkVisibility();
        });
        await tab.send('Emulation.setScriptExecutionDisabled', { value: false });
        if (before.length < 5 || before.includes('')) faults.push(`${before.length} figures and rows are seen with script, ${before.filter((text) => !text).length} are empty`);
        if (JSON.stringify(before) !== JSON.stringify(after)) faults.push('figures or rows differ without script');
        if (!reachable) faults.push(`${width} px: the filters cannot be reached`);
    }
    return faults;
}

async function printed(tab, url, origin, minimum) {
    await tab.look({ width: 718, dark: true, media: 'print' }); // A4 without its margins
    await tab.open(url);
    await tab.run(() => dispatchEvent(new Event('beforeprint')));
    const faults = [...(await tab.run(probes.paper)), ...(await tab.run(probes.overflow, true)), ...complaints(tab, origin, url)];
    await tab.look({ width: WIDE });
    const { data } = await tab.send('Page.printToPDF', { printBackground: true, paperWidth: 8.27, paperHeight: 11.69 });
    const pdf = Buffer.from(data, 'base64');
    const sheets = (pdf.toString('latin1').match(/\/Type \/Page\b/g) ?? []).length;
    if (process.env.PAGES_PDF) writeFileSync(`${process.env.PAGES_PDF}/${new URL(url).pathname.split('/').pop()}.pdf`, pdf);
    if (sheets < minimum || sheets > 60) faults.push(`${sheets} sheets`);
    return faults;
}

// The button turns the page, the other page is of the same theme, and the charts have its colours.
async function theme(tab) {
    const paper = () => getComputedStyle(document.querySelector('.cartao')).backgroundColor;
    const faults = [];
    await tab.look({ width: WIDE });
    await tab.open(`${pages}hoje`);
    const light = await tab.run(paper);
    await tab.run(() => document.getElementById('tema').click());
    const dark = await tab.run(paper);
    if (light === dark) faults.push('the button changes nothing');
    faults.push(...(await axeFaults(tab)), ...(await tab.run(probes.charts)).faults);
    await tab.open(`${pages}receita`);
    if ((await tab.run(paper)) !== dark) faults.push('the next page has forgotten the theme');
    await tab.run(() => document.getElementById('tema').click());
    if ((await tab.run(paper)) !== light) faults.push('the button does not turn back');
    await tab.run(() => localStorage.clear());
    return faults;
}

// Rows, one row and filtered pages, by the links that lead there.
async function inner(tab) {
    const link = async (selector) => {
        const href = await tab.run((wanted) => document.querySelector(wanted)?.href, selector);
        if (!href) throw new Error(`${await tab.run(() => location.href)}: no ${selector}`);
        return href;
    };
    await tab.open(`${pages}hoje`);
    const rows = await link('.indicador a[href*="/linhas"]');
    await tab.open(rows);
    const row = await link('main td a[href*="/linha/"], main th a[href*="/linha/"]');
    await tab.open(`${pages}auditoria`);
    return {
        rows, row,
        'a team': `${pages}produtividade?equipe=RS-POA-F001M&periodo=90d`,
        'a region of which there is nothing': `${pages}hoje?regional=SUL&dia=2020-01-01`,
        'returns': `${pages}linhas?relatorio=retornos`,
        'no page': `${pages}nada`,
        'a filter that is wrong': `${pages}hoje?dia=ontem`,
    };
}

const browser = await Browser.open(process.env.CHROME_BIN ?? 'chromium-headless-shell');
try {
    const tab = await browser.tab();
    for (const name of NAMES) {
        const url = `${pages}${name}`;
        await test(`${name} is whole at every width, in light and dark`, () => views(tab, url, pages));
        await test(`${name} can be zoomed`, () => zoomed(tab, url));
        await test(`${name} is used by keyboard`, async () => [...(await keyboard(tab, url)), ...(await skips(tab, url))]);
        await test(`${name} is read without script`, () => withoutScript(tab, url));
        await test(`${name} is printed`, () => printed(tab, url, pages, 1));
    }
    for (const [name, url] of Object.entries(await inner(tab))) {
        await test(`${name}: whole at every width, in light and dark`, () => views(tab, url, pages));
        await test(`${name}: zoomed and by keyboard`, async () => [...(await zoomed(tab, url)), ...(await keyboard(tab, url))]);
    }
    await test('login is whole at every width, in light and dark', () => views(tab, `${login}entrar`, login));
    await test('login can be zoomed', () => zoomed(tab, `${login}entrar`));
    await test('the theme is chosen by a button and kept', () => theme(tab));
    await test('axe sees a fault that is planted', async () => {
        await tab.look({ width: WIDE });
        await tab.open(`${pages}hoje`);
        await tab.run(() => {
            document.querySelector('h1').style.color = '#e8e8e8';
            document.querySelector('select').closest('label').firstChild.remove();
            document.querySelector('canvas').removeAttribute('aria-label');
        });
        const seen = (await axeFaults(tab)).join(' ');
        return ['color-contrast', 'select-name', 'role-img-alt'].filter((rule) => !seen.includes(`axe ${rule}`)).map((rule) => `${rule} is not seen`);
    });
    await test('the report is whole at every width, and asks for nothing', async () => {
        const faults = await views(tab, report, report);
        return tab.requests.length === 1 ? faults : [...faults, `${tab.requests.length} requests`];
    });
    await test('the report has a policy that holds', async () => {
        await tab.open(report);
        const ran = await tab.run(() => {
            const script = document.createElement('script');
            script.textContent = 'window.intruder = true';
            document.body.append(script);
            return window.intruder === true;
        });
        return ran ? ['a script that is not the report’s ran'] : [];
    });
    await test('the report is used by keyboard', async () => [...(await keyboard(tab, report)), ...(await skips(tab, report))]);
    await test('the report is printed', () => printed(tab, report, report, NAMES.length));
} finally {
    await browser.close();
}
console.log(`${counts.views} views, ${counts.charts} charts, axe ran ${counts.axe} times, ${counts.stops} stops of the keyboard`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed || !counts.passed ? 1 : 0;
