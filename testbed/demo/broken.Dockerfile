# A release as it goes wrong in practice: it builds, its migrations run, and the app ends at once when it is started.
ARG APP_IMAGE
FROM ${APP_IMAGE}
# Not called VERSION: the app's own image sets that, and an ARG gives way to it.
ARG NEXT_VERSION
ENV VERSION=$NEXT_VERSION
CMD ["node", "-e", "console.error(`version ${process.env.VERSION} cannot start: PAYMENTS_URL is not set`); process.exit(1)"]
