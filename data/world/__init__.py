"""The made-up company behind the sample exports.

Everything is drawn from one seed, chunk by chunk, so that memory stays flat however large the company is.
A chunk is a slice of the market (companies, the people in them, their leads and deals) over the whole
period; campaigns and staff are shared by all chunks.

The order of a chunk, each step a module: `companies` and `leads` (who exists), `funnel` (what marketing and
sales did with the leads), `deals`, `customers` and `deal_paths` (what was sold), `contacts`, `touches` and
`activities` (who was spoken to), then `export` (the same facts as Salesforce and HubSpot write them).
What was planted on purpose is in `plants`, and is told in truth.json.
"""
