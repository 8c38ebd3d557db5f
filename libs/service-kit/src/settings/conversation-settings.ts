import { integerBetween, oneOf, text } from './parsers.js';
import { setting } from './setting.js';

/** How Genesys Cloud is told of calls (docs/design/CONTRACTS.md#10-conversations (9)). */
export const conversationSettings = {
  EXCP_CONVERSATIONS: setting(
    ['excp'],
    oneOf('on', 'off'),
    'tell Genesys Cloud of each call; `off` is for rehearsals only: recordings wait for a conversation that never comes',
    'on',
  ),
  EXCP_RECORDED_PARTIES: setting(
    ['excp'],
    oneOf('agents', 'trunks', 'agents,trunks', 'none'),
    'whose part of a call is told to be recorded from its beginning',
    'agents',
  ),
  EXCP_GC_SOURCE: setting(
    ['excp'],
    text,
    'presence source that stands for Engage, id or name; needed only where the organization has several',
  ),
  EXCP_UNKNOWN_AGENT: setting(
    ['excp'],
    oneOf('phone', 'external', 'skip'),
    'what an agent whom Genesys Cloud does not know becomes in the conversation',
    'phone',
  ),
  EXCP_TRANSFER_EVENTS: setting(
    ['excp'],
    oneOf('on', 'off'),
    'tell of transfers too, not only of who was on the call',
    'on',
  ),
  EXCP_EVENTS_PER_REQUEST: setting(
    ['excp'],
    integerBetween(1, 5_000),
    'most conversation events of one request',
    500,
  ),
} as const;
