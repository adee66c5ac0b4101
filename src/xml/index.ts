export { escapeText, escapeXml } from './escape-xml.ts';
export { flatText } from './flat-text.ts';
export { ns } from './namespaces.ts';
export { parseXml, XmlError, type XmlLimits } from './parse-xml.ts';
export { child, children, type XmlElement } from './xml-element.ts';
export { writeXml } from './write-xml.ts';
