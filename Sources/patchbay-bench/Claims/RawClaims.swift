import Foundation
import PatchbayStore

/// What the engine does with the same bytes and nothing of ours around it: plain prepared statements of one thread into
/// one table, no conditions, no revisions, no log for watchers; as durable as the store.
protocol RawClaims {
    /// Claims and releases of `clients` clients in turn, `batch` commits a transaction, for about as long as told. Making the
    /// commits is not counted.
    mutating func run(
        _ shape: ClaimShape, clients: Int, batch: Int, for duration: Duration
    ) throws -> RawOutcome
}

struct RawOutcome {
    var claims = 0
    var seconds = 0.0
    /// Processor time in microseconds.
    var processor = 0.0

    /// Runs `body` and counts what it takes.
    mutating func measure(_ body: () throws -> Void) rethrows {
        let processor = ProcessorTime.used
        seconds += try ContinuousClock().measure(body).microseconds / 1e6
        self.processor += ProcessorTime.used - processor
    }
}

extension RawClaims {
    /// The commits of one round: everybody claims, then everybody releases.
    static func round(_ shape: ClaimShape, clients: Int, number: Int) -> [ClaimShape.Commit] {
        let units = (0..<clients).map { (unit: $0 * 32 + number % 32, id: "c-0-\($0)-\(number)") }
        return units.map { shape.claiming($0.unit, id: $0.id, poolAt: 1) }
            + units.map { shape.releasing($0.unit, id: $0.id, claimedAt: 1) }
    }
}

/// For the store in memory: a dictionary.
struct RawMemory: RawClaims {
    private var entries: [String: [UInt8]] = [:]
    private var number = 0

    mutating func run(
        _ shape: ClaimShape, clients: Int, batch: Int, for duration: Duration
    ) throws -> RawOutcome {
        var outcome = RawOutcome()
        while outcome.seconds < duration.microseconds / 1e6 {
            number += 1
            let round = Self.round(shape, clients: clients, number: number)
            outcome.measure {
                for write in round.lazy.flatMap(\.writes) {
                    switch write {
                    case .put(let key, let value): entries[key] = value
                    case .delete(let key): entries[key] = nil
                    }
                }
            }
            outcome.claims += clients
        }
        return outcome
    }
}
