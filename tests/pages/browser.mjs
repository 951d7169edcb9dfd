// A Chromium that is driven over its DevTools pipe: what the tests of the pages need of it, and no more.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ANSWER_MS = 30000;
const FLAGS = [
    '--remote-debugging-pipe', '--headless', '--hide-scrollbars', '--no-first-run', '--disable-extensions',
    '--disable-background-networking', '--disable-component-update', '--disable-gpu', '--disable-lcd-text', '--force-color-profile=srgb',
    // Root has no sandbox of its own; what is shown here are our own pages.
    '--no-sandbox', '--disable-dev-shm-usage',
];

export class Browser {
    #pending = new Map();
    #listeners = new Set();
    #last = 0;
    #text = '';

    static async open(program) {
        const browser = new Browser();
        browser.folder = mkdtempSync(join(tmpdir(), 'etl-pages-browser.'));
        browser.process = spawn(program, [...FLAGS, `--user-data-dir=${browser.folder}`, 'about:blank'], {
            stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        });
        browser.ended = new Promise((done) => browser.process.once('exit', done));
        browser.process.stdio[4].setEncoding('utf8').on('data', (bytes) => browser.#hear(bytes));
        return browser;
    }

    #hear(bytes) {
        const messages = (this.#text + bytes).split('\0');
        this.#text = messages.pop();
        for (const message of messages.map((text) => JSON.parse(text))) {
            const asked = this.#pending.get(message.id);
            this.#pending.delete(message.id);
            if (message.error) asked?.fail(new Error(`${asked.method}: ${message.error.message}`));
            else asked?.done(message.result);
            if (message.method) for (const listener of this.#listeners) listener(message);
        }
    }

    send(method, params = {}, sessionId = undefined) {
        const id = ++this.#last;
        this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
        return within(new Promise((done, fail) => this.#pending.set(id, { done, fail, method })), method);
    }

    listen(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    async tab() {
        const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
        const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
        const tab = new Tab(this, sessionId, targetId);
        for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await tab.send(`${domain}.enable`);
        return tab;
    }

    async close() {
        this.send('Browser.close').catch(() => {});
        const stuck = setTimeout(() => this.process.kill('SIGKILL'), 5000);
        await this.ended;
        clearTimeout(stuck);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

function within(promise, what) {
    let timer;
    const late = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error(`${what}: no answer for ${ANSWER_MS / 1000} s`)), ANSWER_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Tab {
    complaints = []; // of the console, since the last address
    requests = []; // every address that was asked for, since then

    constructor(browser, sessionId, targetId) {
        Object.assign(this, { browser, sessionId, targetId });
        browser.listen((message) => message.sessionId === sessionId && this.#hear(message));
    }

    #hear({ method, params }) {
        if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
        if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
        if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type))
            this.complaints.push(params.args.map((arg) => arg.value ?? arg.description).join(' '));
        if (method === 'Log.entryAdded' && ['error', 'warning'].includes(params.entry.level))
            this.complaints.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    }

    send(method, params) {
        return this.browser.send(method, params, this.sessionId);
    }

    wait(method) {
        let stop;
        const heard = new Promise((done) => {
            stop = this.browser.listen((message) => message.sessionId === this.sessionId && message.method === method && done(message.params));
        });
        return within(heard, method).finally(() => stop());
    }

    // Opens the address and waits until all of it is loaded and was painted once.
    async open(url) {
        this.complaints = [];
        this.requests = [];
        const loaded = this.wait('Page.loadEventFired');
        const { errorText } = await this.send('Page.navigate', { url });
        if (errorText) throw new Error(`${url}: ${errorText}`);
        await loaded;
    }

    async look({ width, height = 900, dark = false, media = '' }) {
        await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
        await this.send('Emulation.setEmulatedMedia', {
            media, features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
        });
    }

    // The value of a function that runs in the page.
    async run(script, ...args) {
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
            expression: `(${script})(...${JSON.stringify(args)})`, awaitPromise: true, returnByValue: true,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }

    async press(key, code = key === 'Tab' ? 9 : 13) {
        const text = key === 'Enter' ? '\r' : undefined;
        await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: key, windowsVirtualKeyCode: code, text });
        await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: code });
    }

    async picture({ whole = false } = {}) {
        const { data } = await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: whole });
        return Buffer.from(data, 'base64');
    }

    close() {
        return this.browser.send('Target.closeTarget', { targetId: this.targetId });
    }
}
