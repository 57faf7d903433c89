import { SHORTEST } from './find-any';

/** Every form in which a secret could be written down: as it is, and as JSON, a shell, a URL, base64 or hexadecimal digits give it. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const forms = [...escapedForms(secret, 3), ...shellForms(secret), ...urlForms(secret), ...base64Forms(bytes), hex, hex.toUpperCase()];
  return [...new Set(forms)].filter(({ length }) => length >= SHORTEST);
}

/** As it is, in JSON, and in JSON that stands in JSON: an execution's output within its history, which is searched as JSON. */
function escapedForms(secret: string, times: number): string[] {
  return times === 0 ? [secret] : [secret, ...escapedForms(JSON.stringify(secret).slice(1, -1), times - 1)];
}

/** In single quotes, in double quotes, and as `printf %q` writes it; each also within JSON. */
function shellForms(secret: string): string[] {
  const quoted = [secret.replaceAll("'", "'\\''"), secret.replaceAll(/["$`\\]/g, '\\$&'), secret.replaceAll(/[^\w./:=@%+,-]/g, '\\$&')];
  return quoted.flatMap((form) => escapedForms(form, 2));
}

function urlForms(secret: string): string[] {
  const plain = encodeURIComponent(secret);
  const strict = plain.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return [plain, strict, strict.replaceAll('%20', '+'), new URLSearchParams([['', secret]]).toString().slice(1)];
}

/** At each of the three places within a longer text that is encoded: only the characters that the neighbours do not change. */
function base64Forms(secret: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + secret.length) * 8) / 6);
    return Buffer.concat([Buffer.alloc(before), secret]).toString('base64').slice(from, to);
  });
}
