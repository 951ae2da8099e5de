# Muster in a container: built in one stage, run in another that holds the program alone.
#
#   docker build -t muster .
#   docker run -d --name muster --init --restart unless-stopped --read-only --tmpfs /tmp \
#     --cap-drop ALL --security-opt no-new-privileges --ulimit core=0 --memory 1280m \
#     --env-file .env -v muster-data:/data muster
#
# `compose.yaml` beside this file says the same.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked

# The C library of the build, because its allocator gives memory back when it is asked to.
FROM debian:bookworm-slim
# Numbers of its own for user and group, so that a folder of the machine can be given to them.
RUN groupadd --gid 10001 muster \
    && useradd --uid 10001 --gid muster --home-dir /data --no-create-home \
        --shell /usr/sbin/nologin muster \
    && install --directory --owner muster --group muster --mode 700 /data
COPY --from=build /src/target/release/muster /usr/local/bin/muster
USER muster
WORKDIR /data
VOLUME /data
# All that is written is in /data: the rest of the file system can be read-only.
ENV DATABASE_URL=sqlite:/data/muster.db \
    BACKUP_DIR=/data/backups
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["muster", "healthcheck"]
ENTRYPOINT ["muster"]
CMD ["run"]
