import type { Cause, CauseWords } from './cause.js';

export const causesInGerman: Readonly<Record<Cause, CauseWords>> = {
  'audio-missing': {
    title: 'Audio noch nicht da',
    means:
      'Auf dem WebDAV gibt es diese Datei nicht. Nach `EXRP_AUDIO_DEADLINE_HOURS` gescheitert.',
    todo: 'Eine: auf dem MCP suchen. Viele: Schreibt MCP auf das WebDAV, das `WEBDAV_URL` nennt? Dann erneut senden.',
  },
  'audio-incomplete': {
    title: 'Audio noch nicht vollständig',
    means:
      'Die Größe ist nicht die angekündigte, die Datei ändert sich noch oder ihr Ende fehlt. Nach `EXRP_AUDIO_DEADLINE_HOURS` gescheitert.',
    todo: 'Meist schreibt MCP noch. `detail` sagt, was fehlt; bleibt es so, wurde der Upload von MCP abgeschnitten: erneut schicken lassen. War die angekündigte Größe falsch, vergisst erneutes Senden sie.',
  },
  'audio-invalid': {
    title: 'Audio ist kein Ogg Opus',
    means: 'Eine ganze Datei ohne Opus-Strom, eine leere oder eine über `EXRP_MAX_AUDIO_MB`.',
    todo: 'Das Aufnahmeformat von MCP prüfen (`opus`). Nach der Reparatur der Datei: erneut senden.',
  },
  'storage-unavailable': {
    title: 'WebDAV nicht nutzbar',
    means: 'WebDAV ist weg, weist uns ab oder antwortet mit einer Webseite.',
    todo: '`ready` sagt `webdav`. Server, `WEBDAV_USERNAME`, `WEBDAV_PASSWORD` und Proxys dazwischen prüfen.',
  },
  'no-key': {
    title: 'kein Aufnahmeschlüssel',
    means:
      'Genesys Cloud gab keinen Aufnahmeschlüssel oder war nicht zu fragen. Nichts wird je unverschlüsselt gesendet.',
    todo: '`ready` sagt `key`. In Genesys Cloud einen Aufnahmeschlüssel anlegen; das Recht `recording:encryptionKey:view` prüfen.',
  },
  'key-invalid': {
    title: 'kein brauchbarer Aufnahmeschlüssel',
    means:
      'Kein Schlüssel ist brauchbar: abgelaufen, widerrufen, kürzer als 2048 Bit oder unlesbar. `detail` nennt den Grund.',
    todo: 'In Genesys Cloud einen neuen Aufnahmeschlüssel anlegen; der nächste Versuch nimmt ihn. Log `key.withdrawn`: Genesys Cloud führt den benutzten Schlüssel als widerrufen oder abgelaufen.',
  },
  'gc-unavailable': {
    title: 'Genesys Cloud nicht erreichbar',
    means: 'Genesys Cloud antwortet 5xx, ist nicht zu erreichen oder antwortet Unlesbares.',
    todo: 'Statusseite von Genesys Cloud ansehen, dann Proxy, DNS und `NODE_EXTRA_CA_CERTS`. Es geht von selbst weiter.',
  },
  'gc-rate-limited': {
    title: 'Genesys Cloud bittet zu warten',
    means:
      'Die Anfragegrenze ist erreicht; alle Instanzen warten so lange, wie Genesys Cloud sagt.',
    todo: 'Bei einem Rückstau normal. Dauernd: ein anderes Programm nutzt denselben OAuth-Client, oder mehr Clients geben (`GC_CLIENTS_FILE`).',
  },
  'gc-unauthorized': {
    title: 'Genesys Cloud lässt uns nicht',
    means: 'Der OAuth-Client wird abgewiesen oder ein Recht fehlt. `detail` nennt es.',
    todo: 'Log `gc.client-refused`: Secret des Clients prüfen; Log `gc.forbidden`: seinen Rollen oder Divisionen fehlt das Recht. Es geht von selbst weiter.',
  },
  'gc-rejected': {
    title: 'Genesys Cloud lehnte ab',
    means:
      'Genesys Cloud lehnte die Upload-Anfrage ab, oder sein Bericht sagt `Failure`. `detail` hat die Worte.',
    todo: 'Beheben, was Genesys Cloud nennt, dann erneut senden.',
  },
  'upload-expired': {
    title: 'Upload-URL zu alt',
    means: 'Die signierte URL war bei der Nutzung zu alt; der nächste Versuch hat eine neue.',
    todo: 'Dauernd: unsere Uhr oder ein langsamer Proxy; siehe `clock.off`.',
  },
  'upload-failed': {
    title: 'Upload kam nicht durch',
    means:
      'S3 lehnte vorerst ab, brach ab, oder die URL nannte einen Host, der nicht in `EXRP_UPLOAD_HOSTS` steht.',
    todo: 'Dauernd mit einem Host in `detail`: die Liste nur erweitern, wenn der Host zu Amazon gehört.',
  },
  'upload-rejected': {
    title: 'S3 lehnte ab',
    means:
      'S3 nimmt dieses ZIP nicht: Prüfsumme zweimal falsch, Signatur, zu groß. `detail` hat den Code.',
    todo: 'Ändert ein Proxy Inhalte oder Header? Dann erneut senden.',
  },
  poison: {
    title: 'drei Prozesse starben daran',
    means: 'Drei Prozesse endeten bei der Arbeit an dieser Aufnahme; andere laufen weiter.',
    todo: 'Datei aufheben und melden; nicht erneut senden, bevor der Grund bekannt ist.',
  },
  'spool-full': {
    title: 'kein Platz im Spool',
    means: 'Die ZIPs unterwegs füllen `EXRP_SPOOL_MAX_MB` oder die Platte.',
    todo: 'Vergrößern oder `EXRP_CONCURRENCY` senken. Dauernd: Uploads hängen, siehe `upload-failed`.',
  },
  'record-unreadable': {
    title: 'Eintrag ist beschädigt',
    means: 'Der Eintrag in Redis ist nicht lesbar. Alle seine Bytes bleiben erhalten.',
    todo: 'Mit einem guten vergleichen; nach dem Ausbessern, oder nachdem EXCP den Anruf neu gesendet hat, erneut senden. Viele: Ist Speicher oder Platte von Redis defekt?',
  },
  'metadata-unreadable': {
    title: 'von neuerer Version geschrieben',
    means: 'Diese Version kann nicht lesen, was angenommen wurde.',
    todo: 'Wurde eine Version zurückgenommen? Wieder vorwärts gehen.',
  },
  'report-unavailable': {
    title: 'Upload-Bericht nicht verfügbar',
    means:
      'Ein Bericht war nicht zu erstellen oder zu laden; Aufnahmen bleiben hochgeladen, noch nicht bestätigt.',
    todo: 'Der nächste Bericht deckt sie ab. Rechte `recording:uploadReport:add` und `recording:uploadReport:view` prüfen; `EXRP_UPLOAD_HOSTS` gilt auch für Downloads.',
  },
  'redis-unavailable': {
    title: 'Redis war weg',
    means: 'Redis war mitten in einem Versuch weg.',
    todo: '`ready` sagt `redis`; sonst nichts zu tun.',
  },
  'unexpected-error': {
    title: 'unerwarteter Fehler',
    means: 'Ein Fehler dieses Produkts.',
    todo: 'Log `recording.unexpected-error` hat den Stack: melden.',
  },
  'exrp-unavailable': {
    title: 'EXRP nicht erreichbar',
    means: 'EXRP nimmt gerade keine Segmente.',
    todo: '`ready` von EXRP ansehen, und ob `EXRP_URL` dessen Load Balancer nennt. Es geht von selbst weiter.',
  },
  'exrp-unauthorized': {
    title: 'EXRP lässt uns nicht',
    means: '`EXRP_API_TOKEN` ist bei EXCP und EXRP verschieden.',
    todo: 'Beiden dasselbe Token geben. Es geht von selbst weiter.',
  },
  'exrp-refused': {
    title: 'EXRP lehnte die Metadaten ab',
    means: 'EXRP fand die Metadaten falsch; `detail` zeigt auf die Felder.',
    todo: 'Nach dem Beheben die Interaktion noch einmal beenden: `POST /api/v1/interactions/{callUUID}/end`.',
  },
};
