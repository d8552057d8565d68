"""The studio as a whole: status, key, models and settings."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from ..._version import __version__
from ...errors import InvalidSetting, MicroappsError
from ...generator import Settings, Speed, choose, find_key, forget_key, prices, store_key, write_setting
from ...generator.starters import catalogue
from ...publish.browser import chromium
from ...sandbox import tier, why
from ...studio.examples import examples
from ...studio.trying import Tried, try_model
from ...telling.spoken import Language, said
from ..call import Call
from ..models import studio as values
from ..route import Route
from ..uploads import LARGEST

SOON = 1.0
"""Seconds the status waits for the endpoint's list of models; when that comes later, the news say so."""
PATIENCE = 45.0
"""Seconds the test of a key waits for the model: proxies cut an answer that has not begun after 60."""
VARIANTS = 3
TEST_COST = "It makes one call of a few hundred tokens, which costs a small fraction of a cent."


async def status(call: Call) -> values.StudioStatus:
    """What this server's studio is and can do."""
    studio, settings = call.studio, call.studio.settings
    models = await call.service.models_soon(SOON)
    spent = await call.work(studio.library.spent_this_month)
    return values.StudioStatus(
        version=__version__,
        tier=await call.work(_tier, call.language),
        key=await call.work(_key, settings, call.language),
        writes=studio.model is not None,
        speeds=tuple(_speed(speed, models, settings) for speed in Speed),
        speed=settings.speed,
        examples=await call.work(examples, call.language),
        starters=await call.work(_starters, call.language),
        limits=values.StudioLimits(
            dollars_per_job=settings.dollars_per_job,
            dollars_per_month=settings.dollars_per_month,
            spent=spent,
            seconds=settings.seconds,
            repairs=settings.repairs,
            upload_bytes=LARGEST,
            variants=VARIANTS,
        ),
        pictures=await call.work(_pictures),
    )


async def set_key(call: Call, wish: values.KeyWish) -> values.KeyState:
    """Store a key for the model's endpoint. It is never sent back."""
    await call.work(store_key, wish.key.get_secret_value())
    await call.studio.renew()
    return await call.work(_key, call.studio.settings, call.language)


async def delete_key(call: Call) -> values.KeyState:
    """Forget the stored key; one in the environment stays."""
    await call.work(forget_key)
    await call.studio.renew()
    return await call.work(_key, call.studio.settings, call.language)


async def test_key(call: Call) -> values.KeyTest:
    """Make one small call of the model, to see that the key works."""
    try:
        async with asyncio.timeout(PATIENCE):
            tried = await try_model(call.studio.model, call.studio.settings)
    except TimeoutError:
        tried = Tried(
            False,
            f"The endpoint did not answer within {PATIENCE:g} seconds.",
            "It may be loading its model, or be overloaded: try again.",
        )
    what, hint = (said(text, call.language) for text in (tried.what, tried.hint))
    return values.KeyTest(ok=tried.ok, what=what, hint=hint, cost=said(tried.cost, call.language))


async def models(call: Call, *, again: bool = False) -> tuple[values.ModelChoice, ...]:
    """What the endpoint lists, asked for anew where ``again`` says so."""
    known = prices()
    found = []
    for model in await call.service.models(again=again):
        price = known.of(model.id)
        found.append(
            values.ModelChoice(
                id=model.id,
                name=model.name or model.id,
                line=model.line,
                lifecycle=model.lifecycle,
                created=model.created,
                input_dollars=price.input if price else None,
                output_dollars=price.output if price else None,
            )
        )
    return tuple(found)


async def settings(call: Call) -> Settings:
    """The person's settings, as ``microapps config`` knows them."""
    return call.studio.settings


async def change_settings(call: Call, wish: values.SettingsWish) -> Settings:
    """Change some settings: all of them or, where one cannot be used, none."""
    unknown = sorted(set(wish.changes) - set(Settings.model_fields))
    if unknown:
        raise InvalidSetting(f"There is no setting {unknown[0]!r}.", f"There are: {', '.join(Settings.model_fields)}.")
    texts = {name: _typed(value) for name, value in wish.changes.items()}
    before = {name: _typed(getattr(call.studio.settings, name)) for name in texts}
    done: list[str] = []
    try:
        for name, text in texts.items():
            await call.work(write_setting, name, text)
            done.append(name)
    except MicroappsError:
        for name in done:
            await call.work(write_setting, name, before[name])
        if done:
            await call.studio.renew()  # it may have taken up what was there in between
        raise
    await call.studio.renew()
    return call.studio.settings


def _typed(value: Any) -> str:
    """A value as a person would type it; empty puts the setting back to its default."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _tier(language: Language) -> values.TierState:
    level = tier()
    notices = {
        "full": "",
        "reduced": f"Apps are contained less well on this machine than they should be: {why()}",
        "none": f"Nothing on this machine would contain an app, so none is run: {why()}",
    }
    return values.TierState(name=level.value, notice=said(notices[level.value], language))


def _key(settings: Settings, language: Language) -> values.KeyState:
    key = find_key()
    return values.KeyState(
        present=key is not None,
        source=said(key.source, language) if key else "",
        endpoint=settings.endpoint,
        removable=key is not None and "environment" not in key.source,
        test_cost=said(TEST_COST, language),
    )


def _speed(speed: Speed, models: tuple[Any, ...], settings: Settings) -> values.SpeedChoice:
    if not models and not settings.model:
        return values.SpeedChoice(speed=speed, model="", name="")
    chosen = choose(models, speed, settings.model)
    return values.SpeedChoice(speed=speed, model=chosen.id, name=chosen.name or chosen.id)


def _starters(language: str) -> tuple[values.StarterChoice, ...]:
    return tuple(
        values.StarterChoice(name=name, title=starter.title[language], about=starter.about[language])
        for name, starter in catalogue().starters.items()
    )


def _pictures() -> bool:
    try:
        return bool(chromium())
    except MicroappsError:
        return False


ROUTES = (
    Route("GET", "status", status),
    Route("PUT", "key", set_key),
    Route("DELETE", "key", delete_key),
    Route("POST", "key/test", test_key),
    Route("GET", "models", models),
    Route("GET", "settings", settings),
    Route("PATCH", "settings", change_settings),
)
