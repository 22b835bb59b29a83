import PatchbayCore

/// A client that claims and releases devices at random, looks now and then, and asks again what it was not told.
package struct ClaimingClient: Sendable {
    package let number: Int
    private let devices: [String]
    private var dice: SeededGenerator
    private var made = 0
    private var held: [(id: String, devices: [String])] = []
    /// Asked when the store died.
    private var inDoubt: ClaimHistory.Action?

    package init(_ number: Int, devices: [String], seed: UInt64) {
        self.number = number
        self.devices = devices
        dice = SeededGenerator(seed: seed &+ UInt64(number) &* 0x51_7c_c1_b7)
    }

    /// Takes up where a client of this number was when its process died.
    package init(_ number: Int, devices: [String], seed: UInt64, after history: ClaimHistory) {
        self.init(number, devices: devices, seed: seed)
        for operation in history.operations where operation.client == number {
            if case .claim = operation.action, inDoubt == nil { made += 1 }
            settle(operation.action, operation.outcome)
        }
    }

    /// What it asks next.
    package mutating func next() -> ClaimHistory.Action {
        if let inDoubt { return inDoubt }
        if dice.chance(8) { return .look }
        if let mine = held.randomElement(using: &dice), dice.chance(55) { return .release(mine.id) }
        made += 1
        let count = dice.chance(40) ? 2 : 1
        return .claim("c\(number)-\(made)", devices: Array(devices.shuffled(using: &dice).prefix(count)))
    }

    package func ask(_ action: ClaimHistory.Action, _ claims: StoreClaims) async throws(Problem) -> ClaimHistory.Outcome
    {
        switch action {
        case .claim(let id, let devices): return try await claims.claim(id, devices)
        case .release(let id): return try await claims.release(id, held.first { $0.id == id }?.devices ?? [])
        case .look: return .saw(try await claims.look().holders)
        }
    }

    package mutating func settle(_ action: ClaimHistory.Action, _ outcome: ClaimHistory.Outcome) {
        guard outcome != .unknown else {
            inDoubt = action
            return
        }
        inDoubt = nil
        switch action {
        case .claim(let id, let devices): if outcome == .done { held.append((id, devices)) }
        case .release(let id): held.removeAll { $0.id == id }
        case .look: break
        }
    }

    /// Asks until it has asked `count` times or the store dies. Throws what is no death.
    package mutating func work(_ claims: StoreClaims, count: Int, recorder: ClaimRecorder) async throws(Problem) {
        for _ in 0..<count {
            let action = next()
            let operation = await recorder.begin(number, action)
            let outcome: ClaimHistory.Outcome
            do {
                outcome = try await ask(action, claims)
            } catch {
                guard error.code == .interrupted else { throw error }
                return settle(action, .unknown)
            }
            await recorder.end(operation, outcome)
            settle(action, outcome)
        }
    }
}
