# One image for every part of Marquee: the web process, the workers of the three queues, and the clock.
# Which part a container plays is its command; see compose.yaml.
FROM python:3.11-slim-bookworm

# ffmpeg makes the renditions; bubblewrap locks it in wherever the kernel lets an ordinary user do so.
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap ffmpeg \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    MARQUEE_ENV=production \
    MARQUEE_VAR=/srv/var \
    STATIC_ROOT=/srv/static

WORKDIR /srv/marquee

# Requirements first: they change less often than the code, and this layer is the large one.
COPY pyproject.toml constraints.txt ./
RUN pip install --prefer-binary -c constraints.txt .

COPY manage.py ./
COPY festival festival
COPY generation generation
COPY judging judging
COPY templates templates

# Pages' files get their digests in their names here, once. The key only has to exist for this step.
RUN SECRET_KEY=only-while-building python manage.py collectstatic --noinput -v 0

# Nothing runs as root. The volume holds uploads on their way in, scratch folders and keys.
RUN useradd --uid 10001 --no-create-home marquee && mkdir -p /srv/var && chown -R marquee /srv/var
USER marquee
VOLUME /srv/var

EXPOSE 8000
CMD ["uvicorn", "festival.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--proxy-headers", "--timeout-graceful-shutdown", "3", "--log-level", "warning"]
