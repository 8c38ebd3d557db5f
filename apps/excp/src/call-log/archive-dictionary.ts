/** Stands for the root's callUUID in a text and in a dictionary; JSON has no such character of its own. */
export const rootToken = '\u0001';

/**
 * What interactions have in common, for the compression of the archive: rare things first, then an ordinary interaction
 * in its own order. An archive can only be read with the dictionary it was written with, so none of these ever
 * changes: a better one gets the next number.
 */
const second = Buffer.from(
  [
    '"pull":"{\\"state\\":\\"missing\\",\\"complete\\",\\"attempts\\":1,\\"startedAtMs\\":',
    '"refused",0,{"attempts":1,"cause":"exrp-refused","detail":"EXRP answered 400 about /metadata/',
    '"out-of-scope",0,{"decision":{"scope":{"inScope":false,"rule":"no-rule-matches"},',
    '"sta":{"requested":false,"reason":"configuration-unavailable","reason":"org-transcription-disabled","reason":"queue-transcription-disabled","reason":"queue-unknown","reason":"no-program","reason":"language-unsupported",',
    '{"rule":"no-queue"},{"rule":"queue-ignored-for-trunk"},"rule":"queue-found-by-map","rule":"no-mapped-program"},{"rule":"default-program","value":"',
    '"rule":"user-data-language-absent"},{"rule":"default-language","value":"en-US"}]},"inScope":true,"rule":"agents:"dns:"queues:"',
    '"Outbound","Internal","Consult","trunk","other","held","userData":{"language_code":"es-ES","fr-FR","it-IT","nl-NL","en-GB","',
    '{"source":"rws","raw":{"callUUID":"","callUuid":"","mediaId":"","mediaUri":"https://',
    ',"endedWhy":"quiet"}],"admin"}],"timed-out","capped":"1","endRequested":"1"',
    '[1700000000000,["\u0001",[[304,0,27,27,"","Inbound","+49","800"],[36,2,97,96,"VQ_","VQ_"],[0,4,545,512,"queue"],[169,1,2049,2048,{"language_code":"en-US","service":"","priority":"5"}],[18,3,225,128,"7"],[0,7,545,0],[342,4,1825,1824,"7","agent7","agent","ringing"],[76,5,1825,1024,"established"],[0,6,2081,2048,{"participants":["7"]}],[889,5,1825,1024,"held"],[146,5,1825,1024,"established"],[413,7,801,0],[28,8,1,0]],',
    '[[{"source":"mcp","raw":{"mediaId":"\u0001_2026-03-02_09-15-04-.opus","mediaUri":"http://.opus","type":"audio/opus","startTime":"2026-03-02T09:15:04.0+0000","stopTime":"2026-03-02T09:18:31.1+0000","duration":"20","size":"82","tenant":"Environment","ivrprofile":"record","parameters":{"id":"\u0001","ani":"+49","dnis":"800","connId":"","dateTime":"2026-03-02T09:15:04Z","recordDN":"7","agentId":"agent7"},"masks":[],"partitions":[],"accessgroups":[]},"envelope":{"id":"\u0001","callerPhoneNumber":"+49","dialedPhoneNumber":"800","eventHistory":[]}},',
    '"dispatched",-72,{"attempts":1,"decision":{"scope":{"inScope":true,"rule":"no-sync-scope"},"gcUserId":null,"sta":{"requested":true,"programId":"","language":"de-DE","queue":{"name":"VQ_","id":""},"trail":[{"rule":"org-transcription-enabled","value":"EnabledQueueFlow"},{"rule":"queue-found-by-name","value":"',
    '"},{"rule":"queue-transcription-enabled"},{"rule":"mapped-program","value":"',
    '"},{"rule":"user-data-language","value":"de-DE"}]}},"told":{"callUUID":"\u0001","dn":"7105","ordinal":1}}]],{"p:1:7105":-90,"lastSeenAtMs":0,"endedAtMs":2,"endedWhy":"calls-deleted"}]]',
  ].join(''),
  'utf8',
);

/** With the journal of a conversation, and its times in the form of theirs. */
const secondText = second.toString('utf8');
const third = Buffer.concat([
  Buffer.from(
    '"refused 0 ivrEstablished @1 ","dropped 1 holdUpdated @8 1","userTransfer","routingTransfer","phoneTransfer","progressTransfer","endTransfer","consultTransfer","progressConsultTransfer","endConsultTransfer","taken 2 phoneEstablished @","m:0":"',
  ),
  Buffer.from(
    secondText
      .slice(0, secondText.lastIndexOf('{"p:1:7105"'))
      .replace('"duration":"20",', '"duration":"=",'),
  ),
  Buffer.from(
    '{"endedAtMs":2,"endedWhy":"calls-deleted","j:0":"taken 0 externalEstablished @0 ","j:1":"taken 1 routingEstablished @1 ","j:2":"taken 2 userEstablished @4 ","j:3":"taken 2 communicationAnswered @5 ","j:4":"taken 1 communicationEnded @5+1 ","j:5":"taken 2 holdUpdated @6 1","j:6":"taken 2 holdUpdated @7 2","j:7":"taken 2 communicationEnded @8 ","j:8":"taken 0 communicationEnded @9 ","l:0":"@0 1  *external*","l:1":"@1 1  VQ_","l:2":"@4 1  7","lastSeenAtMs":0,"p:1:7105":"@4"}]]',
  ),
]);

/** By the number that an archive begins with. The first was of a form that is not read any more. */
export const archiveDictionaries: ReadonlyMap<number, Buffer> = new Map([
  [2, second],
  [3, third],
]);
export const newestDictionary = 3;
