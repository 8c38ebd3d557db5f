/**
 * What interactions have in common, for the compression of the archive: the likeliest at the end. Archives can only be
 * read with the dictionary they were written with, so a change here needs a new form in `archive-text.ts`.
 */
export const archiveDictionary = Buffer.from(
  [
    '"pull":"{\\"state\\":\\"missing\\",\\"complete\\",\\"attempts\\":1,\\"startedAtMs\\":',
    '"refused",0,{"attempts":1,"cause":"exrp-refused","detail":"EXRP answered 400 about /metadata/',
    '"out-of-scope",0,{"decision":{"scope":{"inScope":false,"rule":"no-rule-matches"},',
    '"sta":{"requested":false,"reason":"configuration-unavailable","reason":"org-transcription-disabled","reason":"queue-transcription-disabled","reason":"queue-unknown","reason":"no-program","reason":"language-unsupported",',
    '{"rule":"no-queue"},{"rule":"queue-ignored-for-trunk"},"outcome":"queue-found-by-map","outcome":"no-mapped-program"},{"rule":"default-program","value":"',
    '"outcome":"user-data-language-absent"},{"rule":"default-language","value":"en-US"}]},"inScope":true,"rule":"agents:"dns:"queues:"',
    '"Outbound","Internal","Consult","trunk","other","held","userData":{"language_code":"',
    '{"source":"rws","raw":{"callUUID":"","callUuid":"","mediaId":"","mediaUri":"https://',
    '],{"lastSeenAtMs":0,"endedAtMs":30,"endedWhy":"quiet"}],"admin"}],"timed-out","capped":"1","endRequested":"1"',
    ',[[-1,0,31,31,"","Inbound","+49","800","],[,4,544,544,"VQ_","queue"],[0,2,96,64,"VQ_"],[,1,2048,2048,{"language_code":"en-US"}],[,3,225,128,"7"],[0,7,545,0],[,4,1825,1824,"7","agent7","agent","ringing"],[,5,1825,1024,"established"],[0,6,2081,2048,{"participants":["7"]}],[,5,1825,1024,"held"],[,5,1825,1024,"established"],[,7,801,0],[,8,1,0]],',
    '[[{"source":"mcp","raw":{"mediaId":"_2026-","mediaUri":"http://.opus","type":"audio/opus","startTime":"2026-T+0000","stopTime":"2026-T+0000","duration":"","size":"","tenant":"Environment","ivrprofile":"record","parameters":{"id":"","ani":"+49","dnis":"800","connId":"","dateTime":"2026-Z","recordDN":"7","agentId":"agent7"},"masks":[],"partitions":[],"accessgroups":[]},"envelope":{"id":"","callerPhoneNumber":"+49","dialedPhoneNumber":"800","eventHistory":[]}},',
    '"dispatched",0,{"attempts":1,"decision":{"scope":{"inScope":true,"rule":"no-sync-scope"},"sta":{"requested":true,"programId":"","language":"en-US","queue":{"name":"VQ_","id":""},"trail":[{"rule":"org-transcription-enabled","value":"EnabledQueueFlow"},{"rule":"queue-found-by-name","value":"',
    '"},{"rule":"queue-transcription-enabled"},{"rule":"mapped-program","value":"',
    '"},{"rule":"user-data-language","value":"de-DE"}]},"gcUserId":null}}]],{"lastSeenAtMs":0,"endedAtMs":2,"endedWhy":"calls-deleted"}]]',
  ].join(''),
  'utf8',
);
