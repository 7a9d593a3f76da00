import { redactedFields, redactionMark } from '../contract/logs.ts';

/** `Access-Token`, `accessToken` and `access_token` are one name. */
function squash(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
}

const secretNames = new Set(redactedFields.map(squash));
const knownNames = new Map<string, boolean>();
const maxKnownNames = 2000;

/** True where the name, or its last words (`db_password`, `customerEmail`), is declared as redacted. */
export function isRedactedName(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const answer = endsInRedactedName(name);
  if (knownNames.size < maxKnownNames) knownNames.set(name, answer);
  return answer;
}

function endsInRedactedName(name: string): boolean {
  if (secretNames.has(squash(name))) return true;
  const words = name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/);
  return words.some((_, from) => secretNames.has(words.slice(from).join('').toLowerCase()));
}

const namePattern = redactedFields.map((name) => name.replaceAll(/[-_]/g, '[-_]?')).join('|');
const quotes = `\\\\*["']`;
/** `name=value`, `"name": "value"`, also escaped inside a string of JSON. */
const assignment = new RegExp(
  `((?:${namePattern})(?:${quotes})?\\s*[:=]\\s*)(?:(\\\\*)"(?:[^"\\\\]|\\\\(?!\\2"))*\\2"|'[^']*'|[^\\s,;&"'}\\])]+)`,
  'gi',
);
const credentials = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+/gi;
const userInfo = /:\/\/[^\s/@]*@/g;
/** With the bounds of RFC 5321: without them a long run of letters would take time by its square. */
const mailAddress = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+/g;
const suspicious = /[@=:]|bearer|basic/i;

/** Free text without what looks like credentials or a mail address. For messages nobody can name fields in. */
export function scrubText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replaceAll(credentials, `$1 ${redactionMark}`)
    .replaceAll(userInfo, `://${redactionMark}@`)
    .replaceAll(assignment, `$1${redactionMark}`)
    .replaceAll(mailAddress, redactionMark);
}
