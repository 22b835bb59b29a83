import PatchbayAPI
import PatchbayTesting

/// What clients asked and were told over all lives of a server, in the order in which it happened.
///
/// A claim of a pool has its devices when it is answered, so the history is put together at the end. A claim that waits is
/// one operation from the first time that it was asked for until its owner sees it served.
actor ClaimBook {
    private(set) var told = ToldClaims()
    private var operations: [ClaimHistory.Operation] = []
    private var devices: [String: [String]] = [:]
    private var time = 0

    /// Somebody is about to ask. Returns the operation's number.
    func begin(_ client: Int, _ action: ClaimHistory.Action) -> Int {
        switch action {
        case .claim(let id, let devices):
            if told.held[id] == nil { told.open.insert(id) }
            if !devices.isEmpty { self.devices[id] = devices }
        case .release(let id):
            told.held[id] = nil
            told.open.insert(id)
        case .look: break
        }
        time += 1
        operations.append(ClaimHistory.Operation(client, action, .unknown, from: time, to: .max))
        return operations.count - 1
    }

    /// The server died and did not answer.
    func silence(_ number: Int) { end(number, .unknown) }

    func saw(_ number: Int, _ claims: [ToldClaims.Shown]) {
        end(number, .saw(ToldClaims.holders(in: claims).compactMapValues(\.first)))
    }

    func granted(_ number: Int, _ claim: API.Claim) {
        let names = claim.devices.map(\.device)
        devices[claim.id] = names
        told.held[claim.id] = names
        told.open.remove(claim.id)
        told.waiting.remove(claim.id)
        end(number, .done)
    }

    func queued(_ id: String) {
        told.open.remove(id)
        told.waiting.insert(id)
    }

    /// A claim that was refused, or the release of one.
    func ended(_ number: Int, _ id: String, _ outcome: ClaimHistory.Outcome) {
        told.open.remove(id)
        told.gone.insert(id)
        end(number, outcome)
    }

    private func end(_ number: Int, _ outcome: ClaimHistory.Outcome) {
        time += 1
        operations[number].outcome = outcome
        operations[number].end = time
    }

    /// Without claims of a pool that were refused: which devices were in the way is not told.
    var history: ClaimHistory {
        ClaimHistory(
            operations.compactMap { operation in
                guard case .claim(let id, let named) = operation.action else { return operation }
                guard let all = devices[id] ?? (named.isEmpty ? nil : named) else { return nil }
                var operation = operation
                operation.action = .claim(id, devices: all)
                return operation
            })
    }
}
