# From the root of the repository:
#   docker build -f docker/exrp.Dockerfile --build-arg EXREC_BUILD_COMMIT="$(git rev-parse --short=12 HEAD)" -t exrec-exrp .
FROM node:24-slim AS build
WORKDIR /src
COPY . .
# No package of ours needs a script of its own at its installation.
RUN npm ci --ignore-scripts
ARG EXREC_BUILD_COMMIT=unknown
RUN cd apps/exrp && node ../../scripts/build-app.mjs
RUN cd apps/exrec && node ../../scripts/build-app.mjs

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /opt/exrec/exrp
COPY --from=build /src/dist/apps/exrp ./
# For people: docker compose exec exrp-1 node /opt/exrec/exrec/main.js status
COPY --from=build /src/dist/apps/exrec /opt/exrec/exrec
COPY docker/healthcheck.cjs /opt/exrec/healthcheck.cjs
RUN install -d -o 10001 -g 10001 -m 0700 /var/spool/exrec
# Sealed ZIPs on their way; mount a disk here where the memory of a tmpfs is too small.
ENV EXRP_SPOOL_DIR=/var/spool/exrec
# Nothing here is written: the root may be mounted read-only.
USER 10001:10001
EXPOSE 3660
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/opt/exrec/healthcheck.cjs", "EXRP_PORT", "3660"]
ENTRYPOINT ["node", "main.js"]
