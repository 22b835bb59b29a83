/// The largest flow from a source to a sink through edges with whole capacities.
///
/// Source: Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation" (1970). Bounded
/// by the number of nodes squared times the number of edges; where all capacities on the way are one, as here, by the
/// number of edges times the root of the number of nodes.
struct FlowNetwork {
    private struct Edge {
        var to: Int
        var capacity: Int
    }

    /// An edge and its way back lie side by side: 2n and 2n + 1.
    private var edges: [Edge] = []
    private var leaving: [[Int]]
    private var level: [Int] = []
    private var next: [Int] = []

    init(nodes: Int) { leaving = [[Int]](repeating: [], count: nodes) }

    mutating func addNode() -> Int {
        leaving.append([])
        return leaving.count - 1
    }

    /// - Returns: the edge's name, to ask for its flow.
    @discardableResult
    mutating func connect(_ from: Int, _ to: Int, capacity: Int) -> Int {
        edges.append(Edge(to: to, capacity: capacity))
        edges.append(Edge(to: from, capacity: 0))
        leaving[from].append(edges.count - 2)
        leaving[to].append(edges.count - 1)
        return edges.count - 2
    }

    func flow(through edge: Int) -> Int { edges[edge ^ 1].capacity }

    mutating func maximum(from source: Int, to sink: Int) -> Int {
        var total = 0
        while rank(source, sink) {
            next = [Int](repeating: 0, count: leaving.count)
            while let pushed = push(source, sink, Int.max), pushed > 0 { total += pushed }
        }
        return total
    }

    /// Distances from the source along edges with room; false: the sink is out of reach.
    private mutating func rank(_ source: Int, _ sink: Int) -> Bool {
        level = [Int](repeating: -1, count: leaving.count)
        level[source] = 0
        var queue = [source]
        var head = 0
        while head < queue.count {
            let node = queue[head]
            head += 1
            for edge in leaving[node] where edges[edge].capacity > 0 && level[edges[edge].to] < 0 {
                level[edges[edge].to] = level[node] + 1
                queue.append(edges[edge].to)
            }
        }
        return level[sink] >= 0
    }

    /// The way is at most as long as the sink is far, here five edges.
    private mutating func push(_ node: Int, _ sink: Int, _ limit: Int) -> Int? {
        if node == sink { return limit }
        while next[node] < leaving[node].count {
            let edge = leaving[node][next[node]]
            if edges[edge].capacity > 0, level[edges[edge].to] == level[node] + 1,
                let pushed = push(edges[edge].to, sink, min(limit, edges[edge].capacity)), pushed > 0
            {
                edges[edge].capacity -= pushed
                edges[edge ^ 1].capacity += pushed
                return pushed
            }
            next[node] += 1
        }
        return nil
    }
}
