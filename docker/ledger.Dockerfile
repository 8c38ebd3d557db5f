# From the root of the repository:
#   docker build -f docker/ledger.Dockerfile --build-arg EXREC_BUILD_COMMIT="$(git rev-parse --short=12 HEAD)" -t exrec-ledger .
FROM node:24-slim AS build
WORKDIR /src
COPY . .
# No package of ours needs a script of its own at its installation.
RUN npm ci --ignore-scripts
ARG EXREC_BUILD_COMMIT=unknown
RUN cd apps/ledger && node ../../scripts/build-app.mjs
RUN cd apps/exrec && node ../../scripts/build-app.mjs
RUN cd apps/console && npm run build

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /opt/exrec/ledger
COPY --from=build /src/dist/apps/ledger ./
# The pages that the ledger serves at /.
COPY --from=build /src/dist/apps/console /opt/exrec/console
# For people: docker compose exec ledger-1 node /opt/exrec/exrec/main.js status
COPY --from=build /src/dist/apps/exrec /opt/exrec/exrec
COPY docker/healthcheck.cjs /opt/exrec/healthcheck.cjs
# Nothing here is written: the root may be mounted read-only.
USER 10001:10001
EXPOSE 3680
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/opt/exrec/healthcheck.cjs", "LEDGER_PORT", "3680"]
ENTRYPOINT ["node", "main.js"]
