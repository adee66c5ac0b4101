import type { XmlElement } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../tree/resource.ts';

export interface ReportRequest {
  readonly context: DavContext;
  readonly exchange: Exchange;
  readonly root: XmlElement;
  readonly resource: Resource;
}

/** Answers one kind of REPORT. @throws Refusal */
export type Report = (request: ReportRequest) => Answer;
