import PatchbayCore
import PatchbayStore

/// Claims and releases straight on a store, as the server commits them: a claim, its allocations and an audit record in
/// one commit that wants every device absent.
package struct StoreClaims: Sendable {
    private let store: any Store

    package init(_ store: any Store) { self.store = store }

    /// May be asked again with the same id when the answer to it was lost.
    package func claim(_ id: String, _ devices: [String]) async throws(Problem) -> ClaimHistory.Outcome {
        let key = Self.claimPrefix + id
        let allocations = devices.map { Self.allocationPrefix + $0 }
        let writes: [Write] =
            [.put(key, Array(devices.joined(separator: " ").utf8)), .put("audit/claimed-\(id)", [1])]
            + allocations.map { .put($0, Array(id.utf8)) }
        let conditions = ([key] + allocations).map { Precondition.absent($0) }
        if try await store.commit(writes, if: conditions) != nil { return .done }
        // Either a device is in use, or an earlier try came through.
        return try await store.get(key) == nil ? .refused : .done
    }

    package func release(_ id: String, _ devices: [String]) async throws(Problem) -> ClaimHistory.Outcome {
        let key = Self.claimPrefix + id
        let writes: [Write] =
            [.delete(key), .put("audit/released-\(id)", [1])] + devices.map { .delete(Self.allocationPrefix + $0) }
        return try await store.commit(writes, if: [.present(key)]) == nil ? .refused : .done
    }

    /// Everything at one moment.
    package func look() async throws(Problem) -> Picture { Picture(try await store.list("").values) }

    /// What a store holds.
    package struct Picture: Sendable {
        /// Claims by device.
        package var holders: [String: String] = [:]
        /// Devices by claim, as the claims themselves say.
        package var claims: [String: [String]] = [:]

        init(_ values: [StoredValue]) {
            for value in values {
                let text = String(decoding: value.value, as: UTF8.self)
                if value.key.hasPrefix(allocationPrefix) {
                    holders[String(value.key.dropFirst(allocationPrefix.count))] = text
                } else if value.key.hasPrefix(claimPrefix) {
                    claims[String(value.key.dropFirst(claimPrefix.count))] = text.split(separator: " ").map(String.init)
                }
            }
        }

        /// Claims without all their allocations, allocations without their claim.
        package var faults: [String] {
            let missing = claims.flatMap { id, devices in
                devices.filter { holders[$0] != id }.map { "claim \(id) has no allocation of \($0)" }
            }
            let stray = holders.filter { device, id in claims[id]?.contains(device) != true }
                .map { "\($0) is allocated to \($1), which does not have it" }
            return (missing + stray).sorted()
        }
    }

    private static let claimPrefix = "claims/"
    private static let allocationPrefix = "allocations/"
}
