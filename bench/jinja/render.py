"""The rival: PyYAML's C loader and a Jinja2 template, as in many deployment scripts.

usage: render.py SPEC TEMPLATE OUT
Nothing is checked or escaped here; it only has to write the same servers.
"""

import pathlib
import sys

import jinja2
import yaml

spec_file, template, out = sys.argv[1:]
with open(spec_file, "rb") as file:
    spec = yaml.load(file, Loader=yaml.CSafeLoader)
servers = [
    {"route": route, **(server if isinstance(server, dict) else {"address": server})}
    for route, server in spec["upstreams"]["app"]["servers"].items()
]
environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent), trim_blocks=True
)
text = environment.get_template(template).render(name=spec["name"], servers=servers)
pathlib.Path(out).write_text(text, encoding="utf-8")
