// Times as Slack writes them, in the time zone of who is looking.

const DAY_MS = 86_400_000;

function parts(instant, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, weekday: "long", year: "numeric", month: "long", day: "numeric",
    hour: "numeric", minute: "2-digit", second: "2-digit", hour12: true,
  });
  return Object.fromEntries(format.formatToParts(instant).map((part) => [part.type, part.value]));
}

function ordinal(day) {
  const tens = day % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th";
  return `${day}${ending}`;
}

// The number of the day in a zone, only good for comparing.
function dayNumber(instant, zone) {
  const [year, month, day] = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant).split("-");
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

function pretty(instant, zone, otherwise) {
  const away = dayNumber(instant, zone) - dayNumber(new Date(), zone);
  return { 0: "Today", "-1": "Yesterday", 1: "Tomorrow" }[away] ?? otherwise;
}

export function clock(seconds, zone) {
  const now = parts(new Date(seconds * 1000), zone);
  return `${now.hour}:${now.minute} ${now.dayPeriod}`;
}

export function dayOf(seconds, zone) {
  return dayNumber(new Date(seconds * 1000), zone);
}

export function dayTitle(seconds, zone) {
  const instant = new Date(seconds * 1000);
  const { weekday, month, day } = parts(instant, zone);
  return pretty(instant, zone, `${weekday}, ${month} ${ordinal(Number(day))}`);
}

export function fullTime(seconds, zone) {
  const { weekday, month, day, year } = parts(new Date(seconds * 1000), zone);
  return `${weekday}, ${month} ${ordinal(Number(day))}, ${year} at ${clock(seconds, zone)}`;
}

// The formats of <!date^…>: docs.slack.dev, Formatting message text, "Date formatting".
export function formatted(seconds, format, zone) {
  const instant = new Date(seconds * 1000);
  const { weekday, month, day, year, second } = parts(instant, zone);
  const short = `${month.slice(0, 3)} ${day}, ${year}`;
  const whole = `${month} ${ordinal(Number(day))}, ${year}`;
  const time = clock(seconds, zone);
  const known = {
    date_num: new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant),
    date: whole,
    date_short: short,
    date_long: `${weekday}, ${whole}`,
    date_pretty: pretty(instant, zone, whole),
    date_short_pretty: pretty(instant, zone, short),
    date_long_pretty: pretty(instant, zone, `${weekday}, ${whole}`),
    time,
    time_secs: time.replace(" ", `:${second} `),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name) => known[name] ?? whole);
}
