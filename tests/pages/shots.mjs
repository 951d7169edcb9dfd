// The pictures of the manual: node shots.mjs PAGES FOLDER. tests/pages/run --shots starts it, always with the same data on the
// same day, so that a picture changes only with its page.
import { mkdirSync, writeFileSync } from 'node:fs';
import { Browser } from './browser.mjs';

const [pages, folder] = process.argv.slice(2);
const LIMIT = 150 * 1024;
const SHOTS = [
    ...['hoje', 'produtividade', 'qualidade', 'receita', 'territorio', 'auditoria', 'pipeline'].map((name) => ({ name, path: name })),
    { name: 'qualidade-escuro', path: 'qualidade', dark: true },
    { name: 'hoje-celular', path: 'hoje', width: 390, height: 844 },
    { name: 'linhas', path: 'linhas?de=2026-11-25&ate=2026-11-25', height: 600 },
];

const browser = await Browser.open(process.env.CHROME_BIN ?? 'chromium-headless-shell');
try {
    const tab = await browser.tab();
    mkdirSync(folder, { recursive: true });
    for (const { name, path, width = 1280, height = 800, dark = false } of SHOTS) {
        await tab.look({ width, height, dark });
        await tab.open(`${pages}${path}`);
        const png = await tab.picture();
        console.log(`${folder}/${name}.png: ${Math.round(png.length / 1024)} kB`);
        if (png.length > LIMIT) throw new Error(`${name}: ${png.length} bytes; ${LIMIT} are allowed`);
        writeFileSync(`${folder}/${name}.png`, png);
    }
} finally {
    await browser.close();
}
