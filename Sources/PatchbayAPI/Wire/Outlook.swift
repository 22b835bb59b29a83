import PatchbayCore

extension API {
    /// What would become of everything: the answer to a `WhatIf`.
    package struct Outlook: Codable, Hashable, Sendable {
        /// What is otherwise, a sentence each.
        package var changes: [String]
        /// Claims and VMs whose lot would be another; those that lose most first.
        package var impacts: [Impact]
        /// What became of the guest that was asked about; nil: none was.
        package var room: Room?
        package var pools: [PoolOutlook]
        /// Pools and profiles that the policy makes another.
        package var differences: [Difference]
        package var findings: [Finding]
        package init(
            changes: [String], impacts: [Impact], room: Room? = nil, pools: [PoolOutlook],
            differences: [Difference] = [],
            findings: [Finding] = []
        ) {
            self.changes = changes
            self.impacts = impacts
            self.room = room
            self.pools = pools
            self.differences = differences
            self.findings = findings
        }
    }

    /// What would become of one claim or VM.
    package struct Impact: Codable, Hashable, Sendable {
        package enum Kind: String, Codable, Sendable, CaseIterable {
            /// It would have no place.
            case lost
            /// It keeps what it has, and once it has stopped it could not start again.
            case stuckAtRestart = "stuck-at-restart"
            /// It is off, could start now, and could not then.
            case stuck
            /// It would be served on another host.
            case moves
            /// It would be served on its host with other devices, or with others beside them.
            case restarts
            /// It keeps what it has, and would have other devices at its next start.
            case changesAtRestart = "changes-at-restart"
            /// It waits now, and would be served.
            case served
            /// It is off, cannot start now, and could then.
            case startable
        }
        package var kind: Kind
        package var owner: ClaimOwner
        /// nil: a VM that holds nothing.
        package var claim: String?
        /// Where it is now; nil: nowhere.
        package var host: String?
        /// Where it would be.
        package var newHost: String?
        /// What it would have.
        package var devices: [ClaimDevice]
        package var seat: Seat?
        /// Why it would have no place.
        package var reason: Reason?
        /// What would help then.
        package var fixes: [Fix]
        package init(
            _ kind: Kind, owner: ClaimOwner, claim: String? = nil, host: String? = nil, newHost: String? = nil,
            devices: [ClaimDevice] = [], seat: Seat? = nil, reason: Reason? = nil, fixes: [Fix] = []
        ) {
            self.kind = kind
            self.owner = owner
            self.claim = claim
            self.host = host
            self.newHost = newHost
            self.devices = devices
            self.seat = seat
            self.reason = reason
            self.fixes = fixes
        }
    }

    /// How much room there would be for a guest.
    package struct Room: Codable, Hashable, Sendable {
        /// How many were wanted.
        package var wanted: Int
        /// How many of those fit, and where: the hosts by name.
        package var placed: Int
        package var hosts: [HostShare]
        /// How many more would fit after them; `isMore`: at least so many, it was not counted further.
        package var more: Int
        package var isMore: Bool
        /// What stands in the way of the first that does not fit.
        package var reason: Reason?
        package var fixes: [Fix]
        /// The largest that would fit beside those that were placed; nil: not even one like it.
        package var largest: LargestGuest?
        package init(
            wanted: Int, placed: Int, hosts: [HostShare], more: Int, isMore: Bool, reason: Reason? = nil, fixes: [Fix],
            largest: LargestGuest? = nil
        ) {
            self.wanted = wanted
            self.placed = placed
            self.hosts = hosts
            self.more = more
            self.isMore = isMore
            self.reason = reason
            self.fixes = fixes
            self.largest = largest
        }
    }

    package struct HostShare: Codable, Hashable, Sendable {
        package var host: String
        package var guests: Int
        package init(host: String, guests: Int) {
            self.host = host
            self.guests = guests
        }
    }

    /// As many devices as can be for its first pool, then as many vCPUs, then as much memory.
    package struct LargestGuest: Codable, Hashable, Sendable {
        package var host: String
        /// The pool that it grows in, and how many of it; nil: it asks for none.
        package var pool: String?
        package var count: Int?
        /// nil: it needs no CPUs and no memory.
        package var vcpus: Int?
        package var memoryMiB: Int?
        package var devices: [ClaimDevice]
        package var seat: Seat?
        package init(
            host: String, pool: String? = nil, count: Int? = nil, vcpus: Int? = nil, memoryMiB: Int? = nil,
            devices: [ClaimDevice], seat: Seat? = nil
        ) {
            self.host = host
            self.pool = pool
            self.count = count
            self.vcpus = vcpus
            self.memoryMiB = memoryMiB
            self.devices = devices
            self.seat = seat
        }
    }

    package struct PoolOutlook: Codable, Hashable, Sendable {
        package var name: String
        /// nil: there is no such pool.
        package var now: PoolCapacity?
        package var then: PoolCapacity?
        package init(name: String, now: PoolCapacity? = nil, then: PoolCapacity? = nil) {
            self.name = name
            self.now = now
            self.then = then
        }
    }

    /// What a pool has to give, and how scattered that is.
    package struct PoolCapacity: Codable, Hashable, Sendable {
        /// Devices of open hosts that nothing but a claim stands in the way of.
        package var lendable: Int
        package var free: Int
        /// Open hosts by how many free devices they have.
        package var hosts: [HostCount]
        package var sizes: [SizeFit]
        package struct HostCount: Codable, Hashable, Sendable {
            package var free: Int
            package var hosts: Int
        }
        /// How many requests of a size would be served, one after the other, if only devices counted.
        package struct SizeFit: Codable, Hashable, Sendable {
            package var size: Int
            package var fit: Int
            package var onOneNode: Int
            package var onOneSwitch: Int
            /// If nobody held anything.
            package var whenEmpty: Int
            /// Free devices that none of this size can have: their hosts have too few left.
            package var stranded: Int
        }
    }
}
