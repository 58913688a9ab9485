"""controlmap's engine: reports → changes → control on a day → map, picture, table.

Nothing here imports streamlit; the pages ask and draw the answer.
"""
