# Genesys Cloud's simulator, for trying the product without an organization. From the root of the repository:
#   docker build -f docker/simulator.Dockerfile -t exrec-simulator .
FROM node:24-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts
ARG EXREC_BUILD_COMMIT=unknown
RUN cd tools/simulator && node ../../scripts/build-app.mjs

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /opt/exrec/simulator
COPY --from=build /src/dist/tools/simulator ./
USER 10001:10001
EXPOSE 3690
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "main.js"]
