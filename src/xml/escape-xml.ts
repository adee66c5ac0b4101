// Characters that XML 1.0 section 2.2 cannot carry in any form; surrogates are looked at one by one.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
// One look tells for almost every text that nothing is to be done.
const inContent = /[&<>\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/;

/** Text as element content, where quotes may stay; characters that XML cannot carry become U+FFFD. */
export function escapeText(text: string): string {
  if (!inContent.test(text)) return text;
  const carried = text.replaceAll(forbidden, '\ufffd');
  let escaped = carried.isWellFormed() ? carried : carried.toWellFormed();
  // Literal replacements one after the other are several times faster than one with a pattern.
  if (escaped.includes('&')) escaped = escaped.replaceAll('&', '&amp;');
  if (escaped.includes('<')) escaped = escaped.replaceAll('<', '&lt;');
  if (escaped.includes('>')) escaped = escaped.replaceAll('>', '&gt;');
  if (escaped.includes('\r')) escaped = escaped.replaceAll('\r', '&#13;');
  return escaped;
}

/** Text as element content or attribute value; characters that XML cannot carry become U+FFFD. */
export function escapeXml(text: string): string {
  const escaped = escapeText(text);
  return escaped.includes('"') ? escaped.replaceAll('"', '&quot;') : escaped;
}
