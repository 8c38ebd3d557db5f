#!/bin/sh
# Puts what kustomization.yaml names beside it: kustomize reads nothing outside its own folder. What is there stays.
set -eu
cd "$(dirname "$0")"
root=../..
"$root/docker/make-secrets.sh" || true
mkdir -p secrets
chmod 700 secrets
for file in "$root"/docker/secrets/*; do
  [ -e "secrets/$(basename "$file")" ] || cp "$file" secrets/
done
[ -e secrets/tokens.yaml ] || cp "$root/examples/tokens.yaml" secrets/tokens.yaml
[ -e settings.env ] || cp settings.env.example settings.env
[ -e hybrid-integration.yaml ] || cp "$root/examples/hybrid-integration.yaml" hybrid-integration.yaml
[ -e redis.conf ] || cp "$root/docker/redis.conf" redis.conf
echo 'Now look through settings.env, hybrid-integration.yaml and secrets/.'
