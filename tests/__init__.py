"""Tests that span rooms: stories, tidiness, browser, corpus."""
