// Places for the nodes of a graph, by forces (Fruchterman and Reingold, 1991): the same graph gives the same picture.
function layOut(count, links, width, height) {
  const ideal = Math.sqrt((width * height) / Math.max(count, 1)) * 0.6;
  const places = Array.from({ length: count }, (_, index) => {
    const angle = index * 2.399963, far = Math.sqrt((index + 0.5) / count);  // a sunflower's seeds
    return { x: width / 2 + Math.cos(angle) * far * width * 0.4, y: height / 2 + Math.sin(angle) * far * height * 0.4 };
  });
  const rounds = 250;
  for (let round = 0; round < rounds; round++) {
    const moves = places.map(() => ({ x: 0, y: 0 }));
    const push = (a, b, force) => {
      const x = places[a].x - places[b].x || 0.01 * (a - b), y = places[a].y - places[b].y || 0.01;
      const far = Math.max(Math.hypot(x, y), 0.1), strength = force(far) / far;
      moves[a].x += x * strength; moves[a].y += y * strength;
      moves[b].x -= x * strength; moves[b].y -= y * strength;
    };
    for (let a = 0; a < count; a++) for (let b = 0; b < a; b++) push(a, b, (far) => (ideal * ideal) / far);
    for (const [a, b] of links) if (a !== b) push(a, b, (far) => -(far * far) / ideal);
    const most = (width / 8) * (1 - round / rounds) + 1;
    places.forEach((place, index) => {
      const move = moves[index];
      move.x += (width / 2 - place.x) * 0.03 * ideal; move.y += (height / 2 - place.y) * 0.05 * ideal;
      const far = Math.max(Math.hypot(move.x, move.y), 0.1), step = Math.min(far, most);
      place.x += (move.x / far) * step;
      place.y += (move.y / far) * step;
    });
  }
  return fitted(places, { x: 20, y: 24, width: width - 190, height: height - 48 });
}

// Places stretched to fill a box; labels stand to the right of their nodes, so the box leaves room for them.
function fitted(places, box) {
  const stretch = (name, size) => {
    const values = places.map((place) => place[name]), least = Math.min(...values), most = Math.max(...values);
    for (const place of places) place[name] = box[name] + (most > least ? (place[name] - least) / (most - least) : 0.5) * size;
  };
  if (places.length) { stretch("x", box.width); stretch("y", box.height); }
  return places;
}
