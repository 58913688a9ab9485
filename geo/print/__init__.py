"""How a day is drawn on paper: what ``geo/web/`` is to the browser.

:mod:`geo.snapshot` sets a page from these parts: a sheet with plain text on it
(:mod:`~geo.print.typeset`), the signs of control (:mod:`~geo.print.symbols`), the map
(:mod:`~geo.print.ground`, :mod:`~geo.print.areas`, :mod:`~geo.print.labels`,
:mod:`~geo.print.map`), the words
(:mod:`~geo.print.captions`), what stands around the map (:mod:`~geo.print.margins`,
:mod:`~geo.print.legend`, :mod:`~geo.print.news`), where all of it stands
(:mod:`~geo.print.plan`) and the page as a file (:mod:`~geo.print.page`).
"""
