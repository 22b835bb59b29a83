/// The operations on devices that claims tie together, with devices and claims as small numbers.
struct ClaimPart {
    struct Step {
        enum Effect {
            case claim(Int, devices: [Int])
            case release(Int)
            /// Holders by device; nil: free.
            case look([Int?])
        }

        var effect: Effect
        var outcome: ClaimHistory.Outcome
        /// Its place in the history.
        var operation: Int
    }

    private(set) var devices: [String] = []
    private(set) var claims: [String] = []
    private(set) var steps: [Step] = []
    let history: ClaimHistory

    static func parts(of history: ClaimHistory) -> [ClaimPart] {
        var ties = Ties()
        var devicesOfClaim: [String: String] = [:]
        for operation in history.operations {
            switch operation.action {
            case .claim(let id, let devices):
                for device in devices { ties.join(device, devices[0]) }
                if let first = devices.first { devicesOfClaim[id] = first }
            case .release: break
            case .look:
                guard case .saw(let holders) = operation.outcome else { continue }
                for device in holders.keys { ties.join(device, device) }
            }
        }
        return ties.groups().map { ClaimPart(history, devices: $0, devicesOfClaim: devicesOfClaim) }
    }

    private init(_ history: ClaimHistory, devices: [String], devicesOfClaim: [String: String]) {
        self.history = history
        self.devices = devices
        let places = Dictionary(uniqueKeysWithValues: devices.enumerated().map { ($1, $0) })
        var numbers: [String: Int] = [:]
        for (number, operation) in history.operations.enumerated() {
            let effect: Step.Effect
            switch operation.action {
            case .claim(let id, let wanted):
                guard let first = wanted.first, places[first] != nil else { continue }
                effect = .claim(self.number(of: id, in: &numbers), devices: wanted.compactMap { places[$0] })
            case .release(let id):
                guard let device = devicesOfClaim[id], places[device] != nil else { continue }
                effect = .release(self.number(of: id, in: &numbers))
            case .look:
                guard case .saw(let holders) = operation.outcome else { continue }
                effect = .look(devices.map { holders[$0].map { self.number(of: $0, in: &numbers) } })
            }
            steps.append(Step(effect: effect, outcome: operation.outcome, operation: number))
        }
    }

    private mutating func number(of claim: String, in numbers: inout [String: Int]) -> Int {
        if let known = numbers[claim] { return known }
        claims.append(claim)
        numbers[claim] = claims.count - 1
        return claims.count - 1
    }
}

/// Which devices a claim ever asked for together, directly or through others.
private struct Ties {
    private var parent: [String: String] = [:]

    mutating func join(_ a: String, _ b: String) {
        let (first, second) = (root(a), root(b))
        if first != second { parent[first] = second }
    }

    private mutating func root(_ name: String) -> String {
        var name = name
        while let next = parent[name], next != name { name = next }
        if parent[name] == nil { parent[name] = name }
        return name
    }

    mutating func groups() -> [[String]] {
        var groups: [String: [String]] = [:]
        for name in parent.keys.sorted() { groups[root(name), default: []].append(name) }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }
}
