import type { DavContext } from '../context.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';

/** Answers one method. @throws Refusal */
export type Handler = (context: DavContext, exchange: Exchange) => Answer;
