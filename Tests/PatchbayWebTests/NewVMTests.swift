import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayWeb

@Suite struct `The form for a new VM` {
    private static let shape: KeyValuePairs = [
        "vm": "trainer-03", "vcpus": "8", "memoryMiB": "32768", "pin": "core", "hugepages": "1G", "cells": "2",
        "pool": "a100", "count": "2", "numa": "required", "topology": "", "group": "none", "need": "", "tags": "",
        "device": "", "name": "", "host": "", "labels": "zone=a", "strategy": "spread", "disk": "/images/t.qcow2",
        "diskFormat": "raw",
    ]

    @Test func `every field arrives where it is meant`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let done = try await browse.apply("/vms", Self.shape)
            #expect(done.status == 303)
            #expect(
                await service.vmDrafts == [
                    API.VMDraft(
                        name: "trainer-03", vcpus: 8, memoryMiB: 32768, disk: "/images/t.qcow2", diskFormat: "raw",
                        pin: .core, hugepages: "1G", cells: 2,
                        requests: [.init(pool: "a100", count: 2, name: "a100-1", numa: .required)],
                        labels: ["zone": "a"], strategy: .spread)
                ])
        }
    }

    @Test func `a profile says what the form does not, and a host that is named needs no labels`() throws {
        let fields = FormFields([
            "vm": "t", "profile": "trainer", "vcpus": "", "memoryMiB": "", "host": "atlas", "labels": "zone=a",
            "kernel": "/boot/vmlinuz",
        ])
        let entry = VMEntry(fields, profiles: Demo.atlasProfiles)
        #expect(
            try entry.draft()
                == API.VMDraft(
                    name: "t", host: "atlas", profile: "trainer", vcpus: nil, memoryMiB: nil, kernel: "/boot/vmlinuz"))
        #expect(entry.question.guest?.hosts == ["atlas"] && entry.question.guest?.vcpus == nil)
        let sizeless = Wire.value(
            API.Profile.self, ["name": "slow", "description": "", "requests": [Any](), "revision": 1, "vcpus": 4])
        let half = VMEntry(FormFields(["vm": "t", "profile": "slow", "disk": "/t.img"]), profiles: [sizeless])
        #expect(try half.draft().vcpus == nil && half.draft().memoryMiB == 1024)
        let bare = try VMEntry(FormFields(["vm": "t", "disk": "/t.img", "labels": "zone=a"]), profiles: []).draft()
        #expect(bare == API.VMDraft(name: "t", vcpus: 1, memoryMiB: 1024, disk: "/t.img", labels: ["zone": "a"]))
    }

    @Test func `the host it would go to stands beside it`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let form = try await browse.get("/vms/new").body
            #expect(form.contains("It fits on <a href=\"/hosts/atlas\">atlas</a>"))
            #expect(
                await service.scenario.last
                    == API.WhatIf(guest: .init(vcpus: 1, memoryMiB: 1024), count: 1, isBrief: true))
            #expect(!form.contains("data-unfinished"))
            let preview = try await browse.post("/vms", ["do": "preview", "vm": "x", "vcpus": "many"]).body
            #expect(preview.contains("data-unfinished") && preview.contains("value=\"many\""))
            #expect(await service.done.isEmpty)
        }
    }

    @Test func `what finds no room says what would make some, as a link to the form with it made`() async throws {
        let typed: KeyValuePairs = [
            "do": "preview", "vm": "t", "vcpus": "8", "pool": "a100", "count": "9", "host": "atlas", "disk": "/t.img",
        ]
        try await Browse.over(DemoService(.atlas)) { browse in
            let preview = try await browse.post("/vms", typed).body
            #expect(preview.contains("It does not fit now"))
            #expect(preview.contains("1024 MiB left for guests"))
            let link = try #require(preview.firstMatch(of: /href="(\/vms\/new\?[^"]*pool=a100)"/)).output.1
            #expect(link == "/vms/new?vm=t&amp;host=atlas&amp;disk=%2Ft.img&amp;vcpus=8&amp;pool=a100")
        }
        let entry = VMEntry(
            FormFields(["vm": "t", "host": "atlas", "labels": "zone=a", "change": "drain"]), profiles: [])
        #expect(entry.question.guest?.labels == nil && entry.question.changes == nil)
        #expect(
            entry.address(using: API.Fix(PlacementFix(.processors(1), "")))
                == "/vms/new?vm=t&host=atlas&labels=zone%3Da&vcpus=1")
        #expect(entry.address(using: API.Fix(PlacementFix(.anyHost, ""))) == "/vms/new?vm=t")
        #expect(entry.address(using: API.Fix(PlacementFix(.uncordon(host: "atlas"), ""))) == nil)
    }

    @Test(arguments: [
        ("vcpus", "x"), ("memoryMiB", "1"), ("cells", "0"), ("labels", "zone"), ("pin", "nail"), ("hugepages", "3G"),
        ("count", "0"),
    ])
    func `what cannot be read makes no VM and keeps what was typed`(field: String, value: String) async throws {
        let service = DemoService(.atlas)
        let typed: KeyValuePairs = ["vm": "t", "disk": "/t.img", "pool": "a100", field: value]
        #expect(throws: Problem.self) { try VMEntry(FormFields(typed), profiles: []).draft() }
        try await Browse.over(service) { browse in
            let answer = try await browse.post("/vms", typed)
            #expect(answer.status == 400 && answer.body.contains("value=\"t\""))
            #expect(await service.done.isEmpty)
        }
    }
}
