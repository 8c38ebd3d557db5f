#!/bin/sh
# One recording the way an administrator would script it: fetch, encrypt, zip, digest, ask for the URL, upload.
# Used as baseline of `npm run bench`. Environment: WEBDAV, WEBDAV_USER, GC, TOKEN, KEY, METADATA, WORK. $1: audio file.
set -eu
name=${1%.opus}
work=$WORK/$name
mkdir "$work"
cd "$work"
curl -sSf -u "$WEBDAV_USER" -o audio.opus "$WEBDAV$1"
gpg --batch --quiet --no-tty --trust-model always --compress-algo none --recipient-file "$KEY" \
  -o "$name.opus.pgp" --encrypt audio.opus
cp "$METADATA" metadata.json
zip -q -0 -X "$name.zip" "$name.opus.pgp" metadata.json
md5=$(openssl md5 -binary "$name.zip" | openssl base64)
answer=$(curl -sSf -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -d "{\"fileName\":\"$name.zip\",\"contentMd5\":\"$md5\",\"contentType\":\"application/zip\",\"signedUrlTimeoutSeconds\":3600,\"serverSideEncryption\":\"AES256\"}" \
  "$GC/api/v2/uploads/recordings")
url=$(printf %s "$answer" | sed 's/.*"url":"\([^"]*\)".*/\1/')
printf %s "$answer" | sed 's/.*"headers":{\([^}]*\)}.*/\1/; s/","/"\n"/g; s/"\([^"]*\)":"\([^"]*\)"/\1: \2/g' > headers
curl -sSf -H @headers -T "$name.zip" "$url"
cd "$WORK"
rm -r "$work"
