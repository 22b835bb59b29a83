import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayWeb

@Suite struct `A question about a fleet that is not there` {
    private static let whole =
        "/whatif?change=drain&what=atlas&change=device-gone&what=atlas/42%3A00.0&vms=20&vcpus=8&memoryMiB=32768"
        + "&pin=core&hugepages=1G&pool=a100&count=2&numa=required"

    @Test func `every field arrives where it is meant`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let page = try await browse.get(Self.whole + "&change=split-group&what=atlas/41%3A00.0&show=a100")
            #expect(page.status == 200)
            #expect(
                await service.scenario == [
                    API.WhatIf(
                        changes: [
                            .init(drain: "atlas"), .init(deviceGone: "atlas/42:00.0"),
                            .init(splitGroup: "atlas/41:00.0"),
                        ],
                        guest: .init(
                            vcpus: 8, memoryMiB: 32768, pin: .core, hugepages: "1G",
                            requests: [.init(pool: "a100", count: 2, name: "a100-1", numa: .required)]),
                        count: 20, pools: ["a100"])
                ])
        }
    }

    @Test func `several names on one line are several changes, devices that share a group are one`() throws {
        let entry = WhatIfEntry(
            FormFields([
                "change": "host-gone", "what": "atlas, borealis", "change": "join-groups",
                "what": "atlas/41:00.0 atlas/42:00.0", "change": "", "what": "",
            ]))
        #expect(entry.state.problems.isEmpty)
        #expect(
            entry.question.changes == [
                .init(hostGone: "atlas"), .init(hostGone: "borealis"),
                .init(joinGroups: ["atlas/41:00.0", "atlas/42:00.0"]),
            ])
    }

    @Test func `nothing asked is the capacity of all pools`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let page = try await browse.get("/whatif").body
            #expect(await service.scenario == [API.WhatIf()])
            #expect(page.contains("Free devices by host"))
            #expect(page.contains("data-said=\"3 pools: 36 of 96 devices free.\""))
            for pool in ["a100", "ada", "vfs"] {
                #expect(page.contains("aria-label=\"Hosts of \(pool) by free devices\""))
            }
            #expect(!page.contains("class=\"problem\"") && !page.contains("If so"))
        }
    }

    @Test func `the answer says who is concerned, what fits, and what pools have then`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get(Self.whole).body
            #expect(page.contains("Host atlas is drained: everything on it has to move."))
            #expect(
                page.contains(
                    "data-said=\"1 cannot be placed, 1 cannot start again, 1 moves, 1 is served. 17 of 20 fit.\""))
            #expect(page.contains("<a href=\"/vms/trainer-01\">VM trainer-01</a>"))
            #expect(page.contains("<a href=\"/claims/job-17\">system slurm/job-17</a>"))
            #expect(
                page.contains(
                    "from atlas to borealis, with </span><a class=\"address\" href=\"/devices/atlas/42:00.0\""))
            #expect(page.contains("<code>patchbay host set borealis --uncordon</code>"))
            #expect(page.contains("1 more way</summary>"))
            #expect(page.contains("Room for VMs of 8 vCPUs, 32 GiB, pinned as core, pages of 1G, 2 × a100"))
            #expect(page.contains("The next one does not fit:</span> borealis has 1024 MiB left for guests"))
            #expect(page.contains("4 × a100, 56 vCPUs, 480 GiB on <a href=\"/hosts/borealis\">borealis</a>"))
            #expect(
                page.contains(
                    "<span class=\"was\">12</span> <span aria-hidden=\"true\">→</span> <span class=\"hidden\">becomes</span> <b>8</b>"
                ))
            #expect(page.contains("legacy-db"))
        }
    }

    @Test(arguments: [
        ("change=&what=atlas", "change-1", "Choose what happens to atlas."),
        ("change=drain&what=", "change-1", "The host or device is missing."),
        ("change=melt&what=atlas", "change-1", "The change &quot;melt&quot; is not one of the choices."),
        (
            "change=drain&what=atlas&change=join-groups&what=x", "change-2",
            "x alone cannot join a group: name at least two devices."
        ),
        ("vms=many&pool=a100&count=1", "vms", "is not a number from 0 to 10000"),
        ("vms=3", "vms", "The size of each VM is missing."), ("vcpus=0", "vcpus", "is not a number from 1"),
        ("memoryMiB=8G", "memory", "is not a number from 16"), ("pin=tight", "pin", "is not one of the choices"),
        ("hugepages=3M", "hugepages", "is not a huge page size"),
        ("pool=a100&count=no", "request-1", "is not a number from 1 to 256"),
    ])
    func `what cannot be read is said beside it, keeps what was typed, and leaves the rest answered`(
        query: String, place: String, sentence: String
    ) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/whatif?\(query)")
            #expect(page.status == 200)
            let hint = try #require(
                page.body.firstMatch(of: try Regex("(?s)<p id=\"hint-\(place)\" class=\"hint\" data-hint>(.*?)</p>")))
            #expect(String(hint.output[1].substring ?? "").contains(sentence))
            #expect(page.body.contains("data-unfinished") && page.body.contains("Incomplete lines are ignored."))
            #expect(page.body.contains("Free devices by host") || page.body.contains("Free devices of pools"))
            // A word that is none of the list is not in the list.
            for field in FormFields(encoded: query).fields where !["", "melt", "tight"].contains(field.value) {
                #expect(page.body.contains("value=\"\(field.value)\""), "\(field.name) is kept")
            }
        }
    }

    @Test(arguments: [
        ("change=drain&what=mars", "There is no host &quot;mars&quot;.", "unknown-host"),
        ("change=device-gone&what=atlas/ff:00.0", "There is no device &quot;atlas/ff:00.0&quot;.", "unknown-device"),
        ("profile=none", "There is no profile &quot;none&quot;.", "unknown-profile"),
        ("show=none", "There is no pool &quot;none&quot;.", "unknown-pool"),
    ])
    func `what the service refuses is on the page, with everything that was typed`(
        query: String, sentence: String, code: String
    ) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/whatif?\(query)")
            #expect(page.status == 200)
            #expect(page.body.contains(sentence) && page.body.contains("<code>\(code)</code>"))
            let last = try #require(FormFields(encoded: query).fields.last)
            #expect(page.body.contains("value=\"\(last.value)\""))
        }
    }

    @Test func `the address says nothing that need not be said, and asks the same`() throws {
        let typed = FormFields([
            "change": "drain", "what": " atlas ", "change": "", "what": "", "vms": "20", "profile": "", "vcpus": "",
            "pool": "a100", "count": "2", "numa": "", "topology": "", "group": "none", "need": "", "tags": "",
            "device": "", "name": "", "pool": "vfs", "count": "1", "numa": "required", "topology": "",
            "group": "none", "need": "", "tags": "", "device": "", "name": "", "show": "",
        ])
        let entry = WhatIfEntry(typed)
        #expect(
            entry.address
                == "/whatif?change=drain&what=atlas&vms=20&pool=a100&pool=vfs&count=2&count=1&numa=&numa=required")
        let again = WhatIfEntry(FormFields(encoded: String(entry.address.dropFirst("/whatif?".count))))
        #expect(again.question == entry.question)
        #expect(again.address == entry.address)
        #expect(WhatIfEntry(FormFields()).address == "/whatif")
    }

    @Test func `the same from a shell`() {
        func command(_ fields: KeyValuePairs<String, String>) -> String? { WhatIfEntry(FormFields(fields)).command }
        #expect(command([:]) == "patchbay whatif")
        #expect(
            command([
                "change": "join-groups", "what": "atlas/41:00.0, atlas/42:00.0", "vms": "4", "vcpus": "8",
                "memoryMiB": "1024", "pool": "a100", "count": "2", "numa": "required", "need": "optional",
            ])
                == "patchbay whatif --join-groups atlas/41:00.0,atlas/42:00.0 --vms 4 --cpus 8 --memory 1024 "
                + "--request a100:2,numa=required,optional")
        #expect(
            command(["pool": "a100", "count": "1", "tags": "net=lan a"])
                == "patchbay whatif --request 'a100:1,tag=net=lan a'")
        #expect(
            command([
                "vms": "2", "vcpus": "4", "memoryMiB": "1024", "cells": "2", "hosts": "atlas, hestia",
                "labels": "zone=a", "strategy": "spread",
            ])
                == "patchbay whatif --vms 2 --cpus 4 --memory 1024 --cells 2 --host atlas --host hestia --label zone=a "
                + "--strategy spread")
        #expect(command(["pool": "a100", "count": "1", "tags": "net=a,b"]) == nil)
    }

    @Test func `what would make room is a link to the question with it made`() async throws {
        let entry = WhatIfEntry(
            FormFields(["vms": "20", "memoryMiB": "32768", "pool": "vfs", "pool": "a100", "count": "1", "count": "4"]))
        func fix(_ change: PlacementFix.Change) -> API.Fix { API.Fix(PlacementFix(change, "")) }
        #expect(
            entry.address(using: fix(.count(request: "a100-1", 2)))
                == "/whatif?vms=20&memoryMiB=32768&pool=vfs&pool=a100&count=1&count=2")
        #expect(
            entry.address(using: fix(.optional(request: "vfs-1")))
                == "/whatif?vms=20&memoryMiB=32768&pool=vfs&pool=a100&count=1&count=4&need=optional&need=")
        #expect(
            entry.address(using: fix(.memory(MiB: 1024)))
                == "/whatif?vms=20&memoryMiB=1024&pool=vfs&pool=a100&count=1&count=4")
        let placed = WhatIfEntry(FormFields(["vms": "2", "vcpus": "4", "hosts": "atlas", "labels": "zone=a"]))
        #expect(placed.address(using: fix(.anyHost)) == "/whatif?vms=2&vcpus=4")
        let both: [PlacementFix.Change] = [.count(request: "a100-1", 2), .processors(2)]
        #expect(
            entry.address(using: API.Fix(PlacementFix(both, "")))
                == "/whatif?vms=20&vcpus=2&memoryMiB=32768&pool=vfs&pool=a100&count=1&count=2")
        #expect(entry.address(using: API.Fix(PlacementFix(both + [.anyHost], ""))) == nil)
        for other in [PlacementFix.Change.hugepages, .anyHost, .count(request: "none", 1), .uncordon(host: "atlas")] {
            #expect(entry.address(using: fix(other)) == nil)
        }
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get(Self.whole).body
            #expect(page.contains("memoryMiB=1024&amp;pin=core"))
        }
    }

    @Test func `a request is not named like one of the profile`() {
        let profile = Wire.value(
            API.Profile.self,
            [
                "name": "p", "description": "", "revision": 1,
                "requests": [
                    [
                        "name": "a100-1", "pool": "a100", "count": 1, "isOptional": false, "groupPolicy": "none",
                        "tags": [String: String](),
                    ]
                ],
            ])
        let entry = WhatIfEntry(FormFields(["profile": "p", "pool": "a100", "count": "1"]), profiles: [profile])
        #expect(entry.question.guest?.requests?.map(\.name) == ["a100-2"])
        // Both parts of a fix mean the same line.
        let both: [PlacementFix.Change] = [.numa(request: "a100-2", .preferred), .topology(request: "a100-2")]
        let fields = FormFields([
            "profile": "p", "pool": "a100", "numa": "required", "topology": "same-card", "pool": "a100",
            "numa": "required", "topology": "same-card",
        ])
        let fixed = WhatIfEntry(fields, profiles: [profile]).address(using: API.Fix(PlacementFix(both, "")))
        #expect(
            fixed == "/whatif?profile=p&pool=a100&pool=a100&numa=preferred&numa=required&topology=&topology=same-card")
    }

    @Test func `hosts, devices and pools lead to their question`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let host = try await browse.get("/hosts/atlas").body
            #expect(host.contains("href=\"/whatif?change=drain&amp;what=atlas\""))
            #expect(host.contains("href=\"/whatif?change=host-gone&amp;what=atlas\""))
            let device = try await browse.get("/devices/atlas/41:00.0").body
            #expect(device.contains("href=\"/whatif?change=device-gone&amp;what=atlas%2F41:00.0\""))
            let pool = try await browse.get("/pools/a100").body
            #expect(pool.contains("href=\"/whatif?show=a100\">Free devices by host…"))
            #expect(pool.contains("aria-label=\"Hosts of a100 by free devices\""))
            #expect(try await browse.get("/").body.contains("<a href=\"/whatif\">What if</a>"))
        }
    }
}

@Suite struct `How scattered a pool is` {
    private func capacity(_ hosts: [(free: Int, hosts: Int)]) -> API.PoolCapacity {
        API.PoolCapacity(PoolCapacity(pool: "p", hosts: hosts.map { .init(free: $0.free, hosts: $0.hosts) }))
    }

    @Test func `a bar for each number, most free first, as long as there are hosts`() {
        let spread = Spread("p", now: capacity([(0, 5), (4, 10)]), then: capacity([(0, 7), (2, 1), (4, 8)]))
        #expect(spread.rows.map(\.free) == ["4", "2", "0"])
        #expect(spread.rows.map(\.now) == [100, 0, 50])
        #expect(spread.rows.map(\.then) == [80, 10, 70])
        #expect(spread.rows.map(\.isNone) == [false, false, true])
        #expect(spread.rows.map(\.hosts.isTurn) == [true, true, true])
        #expect(!Spread("p", now: capacity([(1, 1)]), then: capacity([(1, 1)])).isTurned)
        #expect(!Spread("p", now: nil, then: nil).hasRows)
    }

    @Test func `many numbers are put together, none on its own, and no host is lost`() {
        let many = capacity((0...64).map { ($0, 2) })
        let spread = Spread("p", now: many, then: many)
        #expect(spread.rows.count <= Spread.mostRows)
        #expect(spread.rows.last?.free == "0")
        #expect(spread.rows.compactMap { Int($0.hosts.then) }.reduce(0, +) == 130)
    }

    @Test func `numbers are grouped, and turn only where they differ`() {
        #expect(Turn(9950, 9950) == Turn(nil, 9950))
        #expect(Turn(9950, 12).now == "9,950" && Turn(9950, 12).isTurn)
        #expect(!Turn(3, nil).isTurn && Turn(3, nil).then == "3")
    }
}
