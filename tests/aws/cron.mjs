// The cron expressions of EventBridge Scheduler: minutes hours day-of-month month day-of-week year, in a time zone. Written
// from AWS's description and not from the program, so that both can be compared.
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS = [['minutes', 0, 59], ['hours', 0, 23], ['day of month', 1, 31], ['month', 1, 12, MONTHS], ['day of week', 1, 7, DAYS], ['year', 1970, 2199]];

function readField(text, [what, least, most, names = []]) {
    const number = word => {
        const value = names.includes(word) ? names.indexOf(word) + 1 : /^\d+$/.test(word) ? Number(word) : NaN;
        if (!(value >= least && value <= most))
            throw new Error(`${what}: ${word}`);
        return value;
    };
    const values = new Set();
    for (const part of text.split(',')) {
        const [range, step] = part.split('/');
        const [from, to] = range === '*' ? [least, most]
            : range.includes('-') ? range.split('-').map(number) : [number(range), step ? most : number(range)];
        if (from > to || step !== undefined && !/^[1-9]\d*$/.test(step))
            throw new Error(`${what}: ${part}`);
        for (let value = from; value <= to; value += Number(step ?? 1))
            values.add(value);
    }
    return values;
}

// A test of a local time: {year, month, day, weekday (1 = Sunday), hour, minute}. L, W and # are not known here.
export function readCron(expression) {
    const fields = /^cron\((.*)\)$/.exec(expression)?.[1].trim().split(/\s+/) ?? [];
    if (fields.length !== 6)
        throw new Error(`no cron expression of six fields: ${expression}`);
    if ((fields[2] === '?') === (fields[4] === '?'))
        throw new Error('exactly one of day of month and day of week is "?"');
    const [minutes, hours, days, months, weekdays, years] =
        fields.map((text, i) => text === '?' ? readField('*', FIELDS[i]) : readField(text, FIELDS[i]));
    return time => years.has(time.year) && months.has(time.month) && days.has(time.day) && weekdays.has(time.weekday)
        && hours.has(time.hour) && minutes.has(time.minute);
}

// All starts of an expression with from <= start <= to, as milliseconds since 1970, in order. Two years take a second, and a
// test asks for the same ones again and again.
const known = new Map();
export function startsOf(...question) {
    const key = question.join(' ');
    if (!known.has(key))
        known.set(key, findStarts(...question));
    return known.get(key);
}

function findStarts(expression, zone, from, to) {
    const matches = readCron(expression), starts = [];
    const clock = new Intl.DateTimeFormat('en-US', {
        timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
    });
    const local = at => {
        const part = Object.fromEntries(clock.formatToParts(at).map(one => [one.type, Number(one.value)]));
        return { ...part, weekday: new Date(Date.UTC(part.year, part.month - 1, part.day)).getUTCDay() + 1 };
    };
    // By quarters of an hour, as the offsets of all zones are, and the minutes within.
    const QUARTER = 15 * 60000;
    for (let quarter = Math.floor(from / QUARTER) * QUARTER; quarter <= to; quarter += QUARTER) {
        const time = local(quarter);
        for (let minute = 0; minute < 15; minute++) {
            const at = quarter + minute * 60000;
            if (at >= from && at <= to && matches({ ...time, minute: time.minute + minute }))
                starts.push(at);
        }
    }
    return starts;
}
