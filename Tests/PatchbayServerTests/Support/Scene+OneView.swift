import PatchbayCore
import PatchbayStore
import Testing

@testable import PatchbayServer

extension Scene {
    /// A server takes over what it has written without reading it: that has to be what any other reads in the store.
    static func expectOneView(_ plane: ControlPlane, of store: any Store) async throws {
        let written = try await plane.view.fleet()
        let read = try await FleetView(store: store, logger: plane.logger).fleet()
        for (key, revision) in read.modified where written.modified[key] == revision {
            guard let place = StatePlace(key) else { continue }
            let (ours, others) = (written.value(at: place), read.value(at: place))
            #expect(ours == others, "\(key) is not read as it was written")
        }
    }
}

extension Fleet {
    fileprivate func value(at place: StatePlace) -> AnyHashable? {
        switch place {
        case .host(let host): hosts[host]?.record
        case .inventory(let host): hosts[host]?.head
        case .inventoryPart(let part, let host): hosts[host]?.pieces[part]
        case .domains(let host): hosts[host]?.domains
        case .settings(let host): hosts[host]?.settings
        case .pool(let name): pools[name]?.value
        case .profile(let name): profiles[name]?.value
        case .vm(let name): vms[name]?.value
        case .claim(let id): claims[id]
        case .allocation(let id): hosts[id.host]?.allocations[id.key]
        case .binding(let id): hosts[id.host]?.bindings[id.key]
        case .quarantine(let id): hosts[id.host]?.quarantines[id.key]
        case .plan(let id, let host): hosts[host]?.plans[id]
        case .turn(let vm): turns[vm]
        case .queue, .askers, .audit: nil
        }
    }
}
