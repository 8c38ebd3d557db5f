# From the root of the repository:
#   docker build -f docker/storage.Dockerfile --build-arg EXREC_BUILD_COMMIT="$(git rev-parse --short=12 HEAD)" -t exrec-storage .
FROM node:24-slim AS build
WORKDIR /src
COPY . .
# No package of ours needs a script of its own at its installation.
RUN npm ci --ignore-scripts
ARG EXREC_BUILD_COMMIT=unknown
RUN cd apps/storage && node ../../scripts/build-app.mjs

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /opt/exrec/storage
COPY --from=build /src/dist/apps/storage ./
COPY docker/healthcheck.cjs /opt/exrec/healthcheck.cjs
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/exrec
# The recordings: mount a disk here that belongs to user 10001.
ENV STORAGE_DIR=/var/lib/exrec
VOLUME /var/lib/exrec
# Nothing here is written: the root may be mounted read-only.
USER 10001:10001
EXPOSE 3670
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/opt/exrec/healthcheck.cjs", "STORAGE_PORT", "3670"]
ENTRYPOINT ["node", "main.js"]
