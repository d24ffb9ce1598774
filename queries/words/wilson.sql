/*
title = "Wilson interval"
definition = "The range in which the true share lies with 95% confidence, from how many of how many (Wilson's score interval). Wide where there are few."
*/
create or replace macro wilson_low(k, n) as (
    case when n > 0 then greatest(0.0,
        (cast(k as double) / n + 3.8414588206941285 / (2 * n)
            - 1.959963984540054 * sqrt(cast(k as double) / n * (1 - cast(k as double) / n) / n
                + 3.8414588206941285 / (4 * cast(n as double) * n)))
        / (1 + 3.8414588206941285 / n)) end
);
create or replace macro wilson_high(k, n) as (
    case when n > 0 then least(1.0,
        (cast(k as double) / n + 3.8414588206941285 / (2 * n)
            + 1.959963984540054 * sqrt(cast(k as double) / n * (1 - cast(k as double) / n) / n
                + 3.8414588206941285 / (4 * cast(n as double) * n)))
        / (1 + 3.8414588206941285 / n)) end
);
