FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY domain domain
COPY migrations migrations
RUN python -m venv /app \
    && /app/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && pip install --no-cache-dir hatchling \
    && pip wheel --no-cache-dir --no-deps --no-build-isolation -w /tmp/wheel . \
    && /app/bin/pip install --no-cache-dir --no-deps /tmp/wheel/*.whl

FROM python:3.13-slim
COPY --from=build /app /app
RUN useradd --create-home --uid 10001 countersign && install -d -o countersign /data
USER countersign
WORKDIR /data
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1
ENTRYPOINT ["countersign"]
CMD ["run"]
