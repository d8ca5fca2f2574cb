-- Whether a GeoJSON point lies within so many metres of a place, on a sphere. Null for what is no point.
create or replace function is_within_circle_v1(
  p_point jsonb, p_longitude double precision, p_latitude double precision, p_metres double precision
)
returns boolean
language plpgsql
immutable
parallel safe
as $function$
declare
  v_coordinates jsonb := p_point -> 'coordinates';
  v_longitude double precision;
  v_latitude double precision;
begin
  if p_point -> 'type' = '"Point"'
    and jsonb_typeof(v_coordinates) = 'array'
    and jsonb_typeof(v_coordinates -> 0) = 'number'
    and jsonb_typeof(v_coordinates -> 1) = 'number'
  then
    v_longitude := (v_coordinates -> 0)::double precision;
    v_latitude := (v_coordinates -> 1)::double precision;
  end if;
  if v_longitude is null or abs(v_longitude) > 180 or abs(v_latitude) > 90 then
    return null;
  end if;
  -- The haversine; the mean radius of the earth.
  return p_metres >= 2 * 6371008.8 * asin(least(1, sqrt(
    power(sind((v_latitude - p_latitude) / 2), 2)
    + cosd(p_latitude) * cosd(v_latitude) * power(sind((v_longitude - p_longitude) / 2), 2)
  )));
end
$function$;
