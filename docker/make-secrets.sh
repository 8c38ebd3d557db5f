#!/bin/sh
# Draws the tokens and passwords that are still missing: one file each in ./secrets, for you and the containers: the folder is yours alone, and Docker
# mounts the files, which user 10001 must be able to read.
# The secret of the OAuth client is yours to put there: secrets/gc_client_secret
set -eu
umask 022
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
for name in exrp_api_token admin_token excp_events_token excp_mcp_password storage_password ledger_number_key \
  postgres_password; do
  [ -s "secrets/$name" ] && continue
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "secrets/$name"
  echo "secrets/$name: new"
done
if [ ! -s secrets/ledger_database_url ]; then
  printf 'postgres://exrec:%s@postgres:5432/exrec' "$(cat secrets/postgres_password)" > secrets/ledger_database_url
  echo 'secrets/ledger_database_url: new'
fi
if [ ! -s secrets/gc_client_secret ]; then
  echo "secrets/gc_client_secret is missing: the secret of your OAuth client, without a line break"
  exit 1
fi
